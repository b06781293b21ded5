import { ActionIcon, Group, Menu, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { type ApiKey, updateApiKey } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type Named, useNamesOf } from '../data/names.ts';
import { usePermission } from '../data/session.ts';
import { useAction } from '../data/use-action.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { DisabledReason } from '../kit/disabled-reason.tsx';
import { TextLink } from '../kit/links.tsx';
import { KEY_FACTS, KEY_NAME, RevokeKey } from './key-columns.tsx';
import { KEY_STATES } from './key-status.tsx';

type Status = 'active' | 'inactive' | 'archived';

/** A column that only some tables of keys have: whose they are, and in which workspace. */
export type KeyColumn = 'owner' | 'workspace';

type Props = { readonly keys: readonly ApiKey[]; readonly columns: readonly KeyColumn[] };

/** Keys with their state; each can be switched off and on, or revoked for good. */
export const KeyTable = ({ keys, columns }: Props) => {
  const manage = usePermission('keys:manage');
  const nameOf = useKeyNames(keys, columns);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const change = useAction({
    run: ({ id, status }: { id: string; status: Status }) =>
      call(updateApiKey, { params: { api_key_id: id }, body: { status } }),
    touches: ['keys'],
    done: (key) => `The key “${key.name}” is now ${KEY_STATES[key.status][1].toLowerCase()}.`,
    onDone: () => setRevoking(null),
  });
  const actions: Column<ApiKey> = {
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
  };
  return (
    <>
      <DataTable
        label="Keys"
        columns={[
          KEY_NAME,
          ...(columns.includes('owner') ? [ownerColumn(nameOf)] : []),
          ...(columns.includes('workspace') ? [workspaceColumn(nameOf)] : []),
          ...KEY_FACTS,
          actions,
        ]}
        rows={keys}
        rowKey={(row) => row.id}
        pageSize={keys.length}
      />
      <RevokeKey
        apiKey={revoking}
        busy={change.isPending}
        error={null}
        otherwise="to stop it for a while, switch it off instead."
        onConfirm={({ id }) => change.mutate({ id, status: 'archived' })}
        onClose={() => setRevoking(null)}
      />
    </>
  );
};

type NameOf = (id: string) => string;

/** What the owners and workspaces of some keys are called, as far as the table shows them. */
const useKeyNames = (keys: readonly ApiKey[], columns: readonly KeyColumn[]): NameOf => {
  const named = keys.flatMap(({ principal, rbac_group_id, scope }): Named[] => [
    ...(columns.includes('owner') && principal !== null ? [{ kind: 'member' as const, id: principal.user_id }] : []),
    ...(columns.includes('owner') && rbac_group_id !== null ? [{ kind: 'group' as const, id: rbac_group_id }] : []),
    ...(columns.includes('workspace') && scope.type === 'workspace'
      ? [{ kind: 'workspace' as const, id: scope.workspace_id }]
      : []),
  ]);
  const names = useNamesOf(named);
  return (id) => names.get(id)?.name ?? id;
};

const ownerColumn = (nameOf: NameOf): Column<ApiKey> => ({
  key: 'owner',
  header: 'Belongs to',
  cell: (row) => <Owner apiKey={row} nameOf={nameOf} />,
});

const workspaceColumn = (nameOf: NameOf): Column<ApiKey> => ({
  key: 'workspace',
  header: 'Workspace',
  cell: ({ scope }) =>
    scope.type === 'workspace' ? (
      <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: scope.workspace_id }} size="sm">
        {nameOf(scope.workspace_id)}
      </TextLink>
    ) : (
      <Text c="dimmed" size="sm">
        Any
      </Text>
    ),
});

const Owner = ({ apiKey, nameOf }: { readonly apiKey: ApiKey; readonly nameOf: NameOf }) => {
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
