import { ActionIcon, Code, Group, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { type ApiKey, updateApiKey } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { useNames } from '../data/directory.ts';
import { usePermission } from '../data/session.ts';
import { useAction } from '../data/use-action.ts';
import { ConfirmDialog } from '../kit/confirm-dialog.tsx';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { DisabledReason } from '../kit/disabled-reason.tsx';
import { TextLink } from '../kit/links.tsx';
import { RelativeTime } from '../kit/relative-time.tsx';
import { KEY_STATES, KeyStatus } from './key-status.tsx';

type Status = 'active' | 'inactive' | 'archived';

type Props = {
  readonly keys: readonly ApiKey[];
  /** Whether a column says whom each key belongs to. */
  readonly withOwner: boolean;
};

/** Keys with their state; each can be switched off and on, or revoked for good. */
export const KeyTable = ({ keys, withOwner }: Props) => {
  const manage = usePermission('keys:manage');
  const identity = usePermission('identity:view');
  const nameOf = useNames({ users: withOwner, groups: withOwner && identity.held });
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const change = useAction({
    run: ({ id, status }: { id: string; status: Status }) =>
      call(updateApiKey, { params: { api_key_id: id }, body: { status } }),
    touches: ['keys'],
    done: (key) => `The key “${key.name}” is now ${KEY_STATES[key.status][1].toLowerCase()}.`,
    onDone: () => setRevoking(null),
  });
  const columns: readonly Column<ApiKey>[] = [
    {
      key: 'name',
      header: 'Name',
      sortBy: (row) => row.name,
      cell: (row) => (
        <Text size="sm" fw={500}>
          {row.name}
        </Text>
      ),
    },
    ...(withOwner ? [ownerColumn(nameOf)] : []),
    { key: 'hint', header: 'Key', cell: (row) => <Code>{row.partial_key_hint}</Code> },
    {
      key: 'status',
      header: 'Status',
      sortBy: (row) => KEY_STATES[row.status][1],
      cell: (row) => <KeyStatus status={row.status} />,
    },
    {
      key: 'created',
      header: 'Created',
      sortBy: (row) => row.created_at,
      cell: (row) => <RelativeTime at={row.created_at} />,
    },
    {
      key: 'actions',
      header: 'Actions',
      hideHeader: true,
      align: 'right',
      width: 56,
      cell: (row) => (
        <KeyMenu
          apiKey={row}
          reason={manage.reason}
          onChange={(status) => (status === 'archived' ? setRevoking(row) : change.mutate({ id: row.id, status }))}
        />
      ),
    },
  ];
  return (
    <>
      <DataTable label="Keys" columns={columns} rows={keys} rowKey={(row) => row.id} />
      <ConfirmDialog
        opened={revoking !== null}
        title={`Revoke “${revoking?.name ?? ''}”?`}
        confirm="Revoke the key"
        busy={change.isPending}
        onConfirm={() => revoking !== null && change.mutate({ id: revoking.id, status: 'archived' })}
        onClose={() => setRevoking(null)}
      >
        Whoever uses this key is refused within a second, and answers that are still streaming end. A revoked key cannot
        be brought back; to stop it for a while, switch it off instead.
      </ConfirmDialog>
    </>
  );
};

const ownerColumn = (nameOf: (id: string) => string): Column<ApiKey> => ({
  key: 'owner',
  header: 'Belongs to',
  sortBy: (row) => nameOf(row.principal?.user_id ?? row.rbac_group_id ?? ''),
  cell: (row) => <Owner apiKey={row} nameOf={nameOf} />,
});

const Owner = ({ apiKey, nameOf }: { readonly apiKey: ApiKey; readonly nameOf: (id: string) => string }) => {
  const { principal, rbac_group_id } = apiKey;
  if (principal !== null)
    return (
      <TextLink to="/members/$userId" params={{ userId: principal.user_id }} size="sm">
        {nameOf(principal.user_id)}
      </TextLink>
    );
  if (rbac_group_id === null) return <>Organisation</>;
  return (
    <Group gap={6}>
      <TextLink to="/groups/$groupId" params={{ groupId: rbac_group_id }} size="sm">
        {nameOf(rbac_group_id)}
      </TextLink>
      <Text size="xs" c="dimmed">
        service key
      </Text>
    </Group>
  );
};

type MenuProps = {
  readonly apiKey: ApiKey;
  readonly reason: string | null;
  readonly onChange: (status: Status) => void;
};

const KeyMenu = ({ apiKey, reason, onChange }: MenuProps) => {
  if (apiKey.status === 'archived' || apiKey.status === 'expired') return null;
  if (reason !== null)
    return (
      <DisabledReason reason={reason}>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for the key ${apiKey.name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </DisabledReason>
    );
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for the key ${apiKey.name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {apiKey.status === 'active' ? (
          <Menu.Item onClick={() => onChange('inactive')}>Switch off</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onChange('active')}>Switch on</Menu.Item>
        )}
        <Menu.Item color="red" onClick={() => onChange('archived')}>
          Revoke for good
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
