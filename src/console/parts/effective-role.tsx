import { Box, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { EffectiveRole } from '../../access/contract.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { DotLabel } from '../kit/dot-label.tsx';
import { TextLink } from '../kit/links.tsx';
import { NothingHere } from '../kit/states.tsx';
import { TOOL_LEVEL_NAMES, TOOL_LEVEL_TONES } from './role-rights/level-words.ts';
import { AREAS, LEVEL_NAMES } from './role-rights/permission-words.ts';

type Grants = EffectiveRole['roles'];

/** The roles that grant a line, and how they came; links lead to them for readers who may see roles. */
const GrantedBy = ({ grants, linked }: { readonly grants: Grants; readonly linked: boolean }) => (
  <Stack gap={2}>
    {grants.map((grant) => (
      <Stack key={`${grant.role_id} ${grant.rbac_group_id}`} gap={0} align="flex-start" miw={160}>
        {linked ? (
          <TextLink to="/roles/$roleId" params={{ roleId: grant.role_id }} size="sm">
            {grant.role_name}
          </TextLink>
        ) : (
          <Text size="sm">{grant.role_name}</Text>
        )}
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {grant.via === 'group' ? `through ${grant.rbac_group_name ?? 'a group'}` : 'directly'}
        </Text>
      </Stack>
    ))}
  </Stack>
);

const STOPPED = {
  installation: 'Forced off by the configuration.',
  organization: 'Off for the whole organisation.',
  roles: 'No role grants it.',
} as const;

const named = (words: string): ReactNode => (
  <Text size="sm" fw={500}>
    {words}
  </Text>
);

const quiet = (words: string): ReactNode => (
  <Text size="sm" c="dimmed">
    {words}
  </Text>
);

const grantedColumn = <Row extends { readonly granted_by: Grants }>(linked: boolean): Column<Row> => ({
  key: 'granted',
  header: 'Granted by',
  cell: (row) => <GrantedBy grants={row.granted_by} linked={linked} />,
});

type Capability = EffectiveRole['capabilities'][number];

const capabilityColumns = (linked: boolean): readonly Column<Capability>[] => [
  { key: 'title', header: 'Capability', cell: (row) => named(row.title) },
  {
    key: 'allowed',
    header: 'Access',
    cell: (row) => <DotLabel tone={row.allowed ? 'good' : 'quiet'}>{row.allowed ? 'Allowed' : 'Not allowed'}</DotLabel>,
  },
  grantedColumn(linked),
  {
    key: 'about',
    header: 'About it',
    cell: (row) => quiet(row.stopped_by === null ? row.shown_by : STOPPED[row.stopped_by]),
  },
];

type AreaLine = EffectiveRole['permissions'][number];

const areaColumns = (linked: boolean): readonly Column<AreaLine>[] => [
  { key: 'area', header: 'Area', cell: (row) => named(AREAS[row.area].name) },
  {
    key: 'level',
    header: 'Level',
    cell: (row) => <DotLabel tone={row.level === 'none' ? 'quiet' : 'good'}>{LEVEL_NAMES[row.level]}</DotLabel>,
  },
  grantedColumn(linked),
];

type ToolLine = EffectiveRole['connectors'][number]['tools'][number] & { readonly of: string; readonly key: string };

const toolLines = ({ connectors }: EffectiveRole): readonly ToolLine[] =>
  connectors.flatMap(({ connector_id, name, tools }) =>
    tools.map((tool) => ({ ...tool, of: name, key: `${connector_id} ${tool.name}` })),
  );

const toolColumns = (linked: boolean): readonly Column<ToolLine>[] => [
  {
    key: 'connector',
    header: 'Connector',
    cell: (row) => (row.name === null ? named(row.of) : quiet(`${row.of}: ${row.name}`)),
  },
  {
    key: 'level',
    header: 'Level',
    cell: (row) => <DotLabel tone={TOOL_LEVEL_TONES[row.level]}>{TOOL_LEVEL_NAMES[row.level]}</DotLabel>,
  },
  grantedColumn(linked),
  {
    key: 'why',
    header: 'Why',
    cell: (row) => quiet(row.stopped_by === null ? '' : STOPPED[row.stopped_by]),
  },
];

type Props = {
  readonly role: EffectiveRole;
  /** Whether the roles that grant are links; for readers who may see roles. */
  readonly linked: boolean;
};

/** Which capabilities somebody has, and which role grants each or what stops it. */
export const EffectiveCapabilities = ({ role, linked }: Props) => (
  <DataTable
    label="Capabilities"
    columns={capabilityColumns(linked)}
    rows={role.capabilities}
    rowKey={(row) => row.id}
    pageSize={50}
  />
);

const EffectiveConnectors = ({ role, linked }: Props) => {
  const lines = toolLines(role);
  if (lines.length === 0) return <NothingHere>No connector is registered yet.</NothingHere>;
  return (
    <DataTable label="Connectors" columns={toolColumns(linked)} rows={lines} rowKey={(row) => row.key} pageSize={50} />
  );
};

/** What all roles of somebody come to, in the tabs of a role; `models` is what stands in the first of them. */
export const EffectiveRoleTabs = ({ role, linked, models }: Props & { readonly models: ReactNode }) => (
  <>
    <Box px="md" pb="sm">
      {quiet(role.explanation)}
    </Box>
    <Tabs defaultValue="models" keepMounted={false}>
      <Tabs.List px="md">
        <Tabs.Tab value="models">Models</Tabs.Tab>
        <Tabs.Tab value="capabilities">Capabilities</Tabs.Tab>
        {role.subject.type === 'user' && <Tabs.Tab value="permissions">Permissions</Tabs.Tab>}
        <Tabs.Tab value="connectors">Connectors</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="models" pt="md">
        {models}
      </Tabs.Panel>
      <Tabs.Panel value="capabilities">
        <EffectiveCapabilities role={role} linked={linked} />
      </Tabs.Panel>
      <Tabs.Panel value="permissions">
        {role.bound_by_roles ? (
          <DataTable
            label="Permissions"
            columns={areaColumns(linked)}
            rows={role.permissions}
            rowKey={(row) => row.area}
          />
        ) : (
          <Box pt="md">
            <NothingHere>This member’s organisation role decides what they may do in administration.</NothingHere>
          </Box>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="connectors">
        <EffectiveConnectors role={role} linked={linked} />
      </Tabs.Panel>
    </Tabs>
  </>
);
