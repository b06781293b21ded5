import { Button, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Connector, updateConnector } from '../../../access/contract.ts';
import { type KnownTool, refreshConnectorTools } from '../../../gateway/contract.ts';
import type { ToolLevel } from '../../../kernel/index.ts';
import { call } from '../../data/client.ts';
import { connectorServerQuery } from '../../data/connectors.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { DotLabel } from '../../kit/dot-label.tsx';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { TOOL_LEVEL_NAMES } from '../../parts/role-rights/level-words.ts';
import { LevelLabel, LevelSelect } from '../../parts/tool-level.tsx';

/** A tool with the organisation's word on it; `known` is undefined for one the server does not list. */
type Row = { readonly name: string; readonly known: KnownTool | undefined; readonly level: ToolLevel | null };

const rowsOf = ({ tools }: Connector, known: readonly KnownTool[]): readonly Row[] => {
  const levels = new Map(tools.map(({ name, level }) => [name, level]));
  const listed = new Set(known.map(({ name }) => name));
  return [
    ...known.map((tool) => ({ name: tool.name, known: tool, level: levels.get(tool.name) ?? null })),
    ...tools.filter(({ name }) => !listed.has(name)).map(({ name, level }) => ({ name, known: undefined, level })),
  ];
};

const HINTS = {
  unlisted: ['quiet', 'not listed by the server'],
  readOnly: ['good', 'reads only'],
  destructive: ['warn', 'can destroy'],
} as const;

const hintOf = (known: KnownTool | undefined): keyof typeof HINTS | null => {
  if (known === undefined) return 'unlisted';
  if (known.read_only === true) return 'readOnly';
  return known.destructive === true ? 'destructive' : null;
};

/** What a server says of a tool's effects. Only a hint: nothing makes the server tell the truth. */
const Hint = ({ known }: Pick<Row, 'known'>) => {
  const hint = hintOf(known);
  if (hint === null) return null;
  const [tone, words] = HINTS[hint];
  return (
    <Text size="xs" c="dimmed" component="span">
      <DotLabel tone={tone}>{words}</DotLabel>
    </Text>
  );
};

type ColumnOptions = {
  readonly connector: Connector;
  readonly reason: string | null;
  readonly busy: boolean;
  readonly onSet: (name: string, level: ToolLevel | null) => void;
};

const columns = ({ connector, reason, busy, onSet }: ColumnOptions): readonly Column<Row>[] => [
  {
    key: 'name',
    header: 'Tool',
    sortBy: ({ name }) => name,
    cell: ({ name, known }) => (
      <Stack gap={2}>
        <Group gap={8}>
          <Text size="sm" fw={500}>
            {name}
          </Text>
          <Hint known={known} />
        </Group>
        {known?.description && (
          <Text size="xs" c="dimmed" maw={560} lineClamp={2}>
            {known.description}
          </Text>
        )}
      </Stack>
    ),
  },
  {
    key: 'level',
    header: 'At most',
    width: 210,
    cell: ({ name, level }) =>
      reason === null ? (
        <LevelSelect
          label={`Level of ${name}`}
          none={`Not set: ${TOOL_LEVEL_NAMES[connector.level].toLowerCase()}`}
          value={level}
          disabled={busy}
          onChange={(chosen) => onSet(name, chosen)}
        />
      ) : (
        <LevelLabel level={level ?? connector.level} />
      ),
  },
];

/** The tools of a connector, and the most that any role can grant on each. */
export const ConnectorTools = ({ connector }: { readonly connector: Connector }) => {
  const server = useQuery(connectorServerQuery(connector.id));
  const manage = usePermission('libraries:manage');
  const params = { connector_id: connector.id };
  const setTool = useAction({
    run: ({ name, level }: { name: string; level: ToolLevel | null }) =>
      call(updateConnector, { params, body: { tools: [{ name, level }] } }),
    touches: ['connectors'],
  });
  const setAll = useAction({
    run: (level: ToolLevel) => call(updateConnector, { params, body: { level } }),
    touches: ['connectors'],
    done: ({ level }) => `Tools without a level of their own: ${TOOL_LEVEL_NAMES[level].toLowerCase()}.`,
  });
  const refresh = useAction({
    run: () => call(refreshConnectorTools, { params }),
    touches: ['connectors'],
    done: ({ tools }) => `The server lists ${plural(tools?.length ?? 0, 'tool')}.`,
  });
  return (
    <SectionCard
      title="Tools"
      description={
        <>
          The most that any role can grant. Custom roles grant up to it on their Connectors tab.
          {server.data?.tools_refreshed_at && (
            <>
              {' '}
              List read <RelativeTime at={server.data.tools_refreshed_at} />.
            </>
          )}
        </>
      }
      actions={
        <DisabledReason reason={manage.reason}>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} aria-hidden />}
            loading={refresh.isPending}
            onClick={() => refresh.mutate(undefined)}
          >
            Refresh tools
          </Button>
        </DisabledReason>
      }
      flush
    >
      <Group px="md" pb="sm" gap="sm">
        <Text size="sm">Tools without a level of their own</Text>
        {manage.held ? (
          <LevelSelect
            label="Tools without a level of their own"
            value={connector.level}
            disabled={setAll.isPending}
            onChange={(level) => level !== null && setAll.mutate(level)}
          />
        ) : (
          <LevelLabel level={connector.level} />
        )}
      </Group>
      <Loadable
        query={server}
        isEmpty={({ tools }) => rowsOf(connector, tools ?? []).length === 0}
        empty={
          <NothingHere>
            {server.data?.tools === null
              ? 'Nobody has asked the server for its tools yet. Refresh them here, or wait until the connector is first used.'
              : 'The server lists no tools.'}
          </NothingHere>
        }
      >
        {({ tools }) => (
          <DataTable
            label="Tools"
            columns={columns({
              connector,
              reason: manage.reason,
              busy: setTool.isPending,
              onSet: (name, level) => setTool.mutate({ name, level }),
            })}
            rows={rowsOf(connector, tools ?? [])}
            rowKey={({ name }) => name}
          />
        )}
      </Loadable>
    </SectionCard>
  );
};
