import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type Directory,
  type DirectoryToken,
  revokeDirectoryToken,
  rotateDirectoryToken,
} from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { directoryTokensQuery } from '../../../data/directories.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { CopyOnce } from '../../../kit/copy-once.tsx';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { FormError } from '../../../kit/form-parts.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';

const STATUS = { active: 'Counts', ending: 'Counts until', ended: 'Ended' } as const;

const columns = (reason: string | null, revoke: (token: DirectoryToken) => void): readonly Column<DirectoryToken>[] => [
  {
    key: 'hint',
    header: 'Token',
    cell: (row) => (
      <Text size="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
        {row.hint}
      </Text>
    ),
  },
  {
    key: 'status',
    header: 'Status',
    cell: (row) => (
      <>
        {STATUS[row.status]} {row.expires_at !== null && <RelativeTime at={row.expires_at} />}
      </>
    ),
  },
  { key: 'created', header: 'Made', cell: (row) => <RelativeTime at={row.created_at} /> },
  {
    key: 'used',
    header: 'Last used',
    cell: (row) => (row.last_used_at === null ? 'Never' : <RelativeTime at={row.last_used_at} />),
  },
  {
    key: 'revoke',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) =>
      row.status === 'ended' ? null : (
        <DisabledReason reason={reason}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => revoke(row)}
            aria-label={`End now: the token ${row.hint}`}
          >
            End now
          </Button>
        </DisabledReason>
      ),
  },
];

/** The tokens of a directory: rotate with an overlap, end one at once. */
export const DirectoryTokens = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const tokens = useQuery(directoryTokensQuery(directory.id));
  const [isRotating, setRotating] = useState(false);
  const [ending, setEnding] = useState<DirectoryToken | null>(null);
  const revoke = useAction({
    run: (token: DirectoryToken) =>
      call(revokeDirectoryToken, { params: { directory_id: directory.id, token_id: token.id } }),
    touches: ['directories'],
    errors: 'inline',
    done: () => 'The token has ended.',
    onDone: () => setEnding(null),
  });
  return (
    <SectionCard
      title="Tokens"
      description="The identity provider signs in with one. After rotating, the earlier one counts for a while longer."
      flush
      actions={
        <DisabledReason reason={manage.reason}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => setRotating(true)}
          >
            Rotate the token
          </Button>
        </DisabledReason>
      }
    >
      <Loadable query={tokens} lines={2}>
        {({ data }) => (
          <DataTable label="Tokens" columns={columns(manage.reason, setEnding)} rows={data} rowKey={(row) => row.id} />
        )}
      </Loadable>
      <Modal opened={isRotating} onClose={() => setRotating(false)} title="Rotate the token" size="lg" returnFocus>
        {isRotating && <Rotation directory={directory} onClose={() => setRotating(false)} />}
      </Modal>
      <ConfirmDialog
        opened={ending !== null}
        title="End this token?"
        confirm="End the token"
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => ending !== null && revoke.mutate(ending)}
        onClose={() => setEnding(null)}
      >
        From now on the identity provider is refused with it. If it has no other token, nothing is provisioned or taken
        away until it gets one.
      </ConfirmDialog>
    </SectionCard>
  );
};

const Rotation = ({ directory, onClose }: { readonly directory: Directory; readonly onClose: () => void }) => {
  const [hours, setHours] = useState<number | string>(24);
  const rotate = useAction({
    run: () =>
      call(rotateDirectoryToken, { params: { directory_id: directory.id }, body: { overlap_hours: Number(hours) } }),
    touches: ['directories'],
    errors: 'inline',
  });
  if (rotate.data !== undefined)
    return (
      <Stack gap="lg">
        <CopyOnce
          label="Token"
          secret={rotate.data.token}
          warning="Copy the token now. Only its fingerprint is stored, so it cannot be shown again."
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="md">
      <FormError error={rotate.error} />
      <NumberInput
        label="Hours the earlier token still counts"
        description="Time to give the identity provider the new one; 0 ends the earlier one at once"
        min={0}
        max={720}
        value={hours}
        onChange={setHours}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <DisabledReason reason={hours === '' ? 'Enter how many hours the earlier token still counts.' : null}>
          <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
            Make a new token
          </Button>
        </DisabledReason>
      </Group>
    </Stack>
  );
};
