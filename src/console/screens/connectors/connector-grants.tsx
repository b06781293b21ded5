import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { listConnectorGrants } from '../../../gateway/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { connectorGrantsQuery } from '../../data/connectors.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { TOOL_LEVEL_NAMES } from '../../parts/role-rights/level-words.ts';
import { LevelLabel } from '../../parts/tool-level.tsx';

type Grant = ReplyOf<typeof listConnectorGrants>['data'][number];

const COLUMNS: readonly Column<Grant>[] = [
  {
    key: 'role',
    header: 'Custom role',
    sortBy: ({ role }) => role.display_name,
    cell: ({ role }) => (
      <TextLink to="/roles/$roleId" params={{ roleId: role.id }} size="sm" fw={500}>
        {role.display_name}
      </TextLink>
    ),
  },
  { key: 'level', header: 'Grants', cell: ({ level }) => <LevelLabel level={level} /> },
  {
    key: 'tools',
    header: 'Except',
    cell: ({ tools }) =>
      tools.length === 0 ? (
        <Text size="sm" c="dimmed">
          –
        </Text>
      ) : (
        tools.map(({ name, level }) => `${name}: ${TOOL_LEVEL_NAMES[level].toLowerCase()}`).join(', ')
      ),
  },
];

/** What each custom role grants on a connector. */
export const ConnectorGrants = ({ connectorId }: { readonly connectorId: string }) => {
  const grants = useQuery(connectorGrantsQuery(connectorId));
  return (
    <SectionCard
      title="Who may use it"
      description="Custom members and service keys have what the most permissive of their roles grants, up to the levels above. Everybody else has those levels."
      flush
    >
      <Loadable
        query={grants}
        lines={3}
        isEmpty={(all) => all.length === 0}
        empty={<NothingHere>There are no custom roles: Custom members and service keys cannot use it.</NothingHere>}
      >
        {(all) => (
          <DataTable label="Custom roles" columns={COLUMNS} rows={all} rowKey={({ role }) => role.id} pageSize={10} />
        )}
      </Loadable>
    </SectionCard>
  );
};
