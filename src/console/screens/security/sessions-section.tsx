import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endMySession, endMySessions, type MySession } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { sessionsQuery } from '../../data/sign-in.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { describeBrowser } from './describe-browser.ts';

const METHODS: Readonly<Record<NonNullable<MySession['auth_method']>, string>> = {
  password: 'Password',
  sign_in_link: 'Sign-in link',
  emergency_link: 'Emergency link',
  sso: 'Single sign-on',
};

/** Where I am signed in, and signing out there. */
export const SessionsSection = () => {
  const sessions = useQuery(sessionsQuery);
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useAction({
    run: (id: string) => call(endMySession, { params: { session_id: id } }),
    touches: ['my-sessions'],
    done: () => 'That session has ended.',
  });
  const endAll = useAction({
    run: () => call(endMySessions, { body: { keep_this: false } }),
    touches: [],
    errors: 'inline',
    // Reading who is signed in again leads to the sign-in page.
    onDone: () => client.invalidateQueries({ queryKey: ['session'] }),
  });
  return (
    <SectionCard
      title="Where you are signed in"
      description="End what you do not know, and change your password then."
      flush
      actions={
        <Button variant="default" onClick={() => setAsking(true)}>
          Sign out everywhere
        </Button>
      }
    >
      <Loadable
        query={sessions}
        lines={3}
        isEmpty={({ data }) => data.length === 0}
        empty={<NothingHere>No session.</NothingHere>}
      >
        {({ data }) => (
          <DataTable label="Sessions" columns={columns((id) => end.mutate(id))} rows={data} rowKey={(row) => row.id} />
        )}
      </Loadable>
      <ConfirmDialog
        opened={asking}
        title="Sign out everywhere?"
        confirm="Sign out everywhere"
        busy={endAll.isPending}
        error={endAll.error}
        onConfirm={() => endAll.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        All your sessions end at once, this one too, and Claude Code is signed out on your devices. Your keys go on
        working; revoke them under Keys.
      </ConfirmDialog>
    </SectionCard>
  );
};

const columns = (onEnd: (id: string) => void): readonly Column<MySession>[] => [
  {
    key: 'browser',
    header: 'Device',
    cell: (row) => (
      <Stack gap={2}>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {describeBrowser(row.user_agent)}
          </Text>
          {row.is_current && (
            <Badge size="sm" variant="light" miw="max-content">
              This device
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {row.ip_address ?? 'Unknown address'}
        </Text>
      </Stack>
    ),
  },
  { key: 'method', header: 'Signed in by', cell: (row) => (row.auth_method === null ? '' : METHODS[row.auth_method]) },
  { key: 'created', header: 'Signed in', cell: (row) => <RelativeTime at={row.created_at} /> },
  { key: 'seen', header: 'Last active', cell: (row) => <RelativeTime at={row.last_seen_at} /> },
  { key: 'ends', header: 'Ends', cell: (row) => <RelativeTime at={row.expires_at} /> },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) =>
      row.is_current ? null : (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onEnd(row.id)}
          aria-label={`End the session of ${describeBrowser(row.user_agent)}`}
        >
          End
        </Button>
      ),
  },
];
