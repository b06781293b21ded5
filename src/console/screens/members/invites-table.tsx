import { Box, Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteInvite, type Invite, listInvites, resendInvite } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { roleName } from '../../data/organisation-roles.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { Nothing } from '../../kit/states.tsx';
import { InviteLink } from './invite-link.tsx';

const PAGE_SIZE = 50;

const CHOICES = [
  { value: 'pending', label: 'Pending' },
  { value: 'expired', label: 'Expired' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'deleted', label: 'Withdrawn' },
] as const;

type Status = (typeof CHOICES)[number]['value'];

const COLUMNS: readonly Column<Invite>[] = [
  { key: 'email', header: 'E-mail address', cell: (row) => row.email },
  { key: 'role', header: 'Organisation role', cell: (row) => roleName(row.role) },
  { key: 'invited', header: 'Invited', cell: (row) => <RelativeTime at={row.invited_at} /> },
  {
    key: 'ends',
    header: 'Ends',
    cell: (row) => <RelativeTime at={row.accepted_at ?? row.expires_at} />,
  },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => (row.status === 'accepted' || row.status === 'deleted' ? null : <InviteActions invite={row} />),
  },
];

/** Who has been invited, and what became of it. */
export const InvitesTable = ({ onInvite }: { readonly onInvite: () => void }) => {
  const [status, setStatus] = useState<Status>('pending');
  const [trail, setTrail] = useState<readonly string[]>([]);
  const query = { limit: PAGE_SIZE, statuses: [status], after_id: trail.at(-1) };
  const invites = useQuery({
    queryKey: ['invites', query],
    queryFn: () => call(listInvites, { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <Box className="card">
      <Group p="sm" gap="sm">
        <NativeSelect
          size="xs"
          aria-label="Status of invites"
          value={status}
          data={CHOICES.map((choice) => ({ ...choice }))}
          onChange={(event) => {
            const chosen = CHOICES.find(({ value }) => value === event.currentTarget.value);
            setTrail([]);
            if (chosen !== undefined) setStatus(chosen.value);
          }}
        />
      </Group>
      <Loadable
        query={invites}
        isEmpty={({ data }) => data.length === 0}
        empty={<NoInvites status={status} onInvite={onInvite} />}
      >
        {(page) => (
          <>
            <DataTable
              label="Invites"
              columns={COLUMNS}
              rows={page.data}
              rowKey={(row) => row.id}
              pageSize={PAGE_SIZE}
            />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

const NoInvites = ({ status, onInvite }: { readonly status: Status; readonly onInvite: () => void }) => {
  const { reason } = usePermission('users:manage');
  const words = CHOICES.find(({ value }) => value === status)?.label.toLowerCase();
  return (
    <Nothing
      title={`No ${words} invites`}
      icon={<IconSend size={26} stroke={1.5} aria-hidden />}
      action={
        <DisabledReason reason={reason}>
          <Button variant="default" onClick={onInvite}>
            Invite people
          </Button>
        </DisabledReason>
      }
    >
      An invite is a link that makes whoever has it a member, once and for 21 days.
    </Nothing>
  );
};

const InviteActions = ({ invite }: { readonly invite: Invite }) => {
  const { reason } = usePermission('users:manage');
  const [asking, setAsking] = useState(false);
  const params = { invite_id: invite.id };
  const resend = useAction({ run: () => call(resendInvite, { params }), touches: ['invites'] });
  const withdraw = useAction({
    run: () => call(deleteInvite, { params }),
    touches: ['invites'],
    errors: 'inline',
    done: () => `The invite of ${invite.email} is withdrawn.`,
    onDone: () => setAsking(false),
  });
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <DisabledReason reason={reason}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`New link for ${invite.email}`}
          loading={resend.isPending}
          onClick={() => resend.mutate(undefined)}
        >
          New link
        </Button>
      </DisabledReason>
      {invite.status === 'pending' && (
        <DisabledReason reason={reason}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Withdraw the invite of ${invite.email}`}
            onClick={() => setAsking(true)}
          >
            Withdraw
          </Button>
        </DisabledReason>
      )}
      <Modal opened={resend.data !== undefined} onClose={resend.reset} title="New link" size="lg" returnFocus>
        {resend.data !== undefined && (
          <Stack gap="md">
            <Text size="sm">
              Send this link to {invite.email}. It works once and ends <RelativeTime at={resend.data.expires_at} />. The
              link from before no longer works.
            </Text>
            <InviteLink email={invite.email} url={resend.data.url} />
          </Stack>
        )}
      </Modal>
      <ConfirmDialog
        opened={asking}
        title={`Withdraw the invite of ${invite.email}?`}
        confirm="Withdraw the invite"
        busy={withdraw.isPending}
        error={withdraw.error}
        onConfirm={() => withdraw.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        The link stops working. You can invite them again at any time.
      </ConfirmDialog>
    </Group>
  );
};
