import { Group, Text } from '@mantine/core';
import type { ApiKey } from '../../directory/contract.ts';
import { type Named, useNamesOf } from '../data/names.ts';
import type { Column } from '../kit/data-table.tsx';
import { TextLink } from '../kit/links.tsx';

/** A column that only some tables of keys have: whose they are, and in which workspace. */
export type KeyColumn = 'owner' | 'workspace';

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

/** The columns that say whose some keys are and in which workspace, as far as they are wanted. */
export const useOwnerColumns = (keys: readonly ApiKey[], columns: readonly KeyColumn[]): readonly Column<ApiKey>[] => {
  const nameOf = useKeyNames(keys, columns);
  return [
    ...(columns.includes('owner') ? [ownerColumn(nameOf)] : []),
    ...(columns.includes('workspace') ? [workspaceColumn(nameOf)] : []),
  ];
};
