import { Accordion, Group, Stack, Text } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { MyConnector } from '../../../gateway/contract.ts';
import { myConnectorsQuery } from '../../data/connectors.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing, NothingHere } from '../../kit/states.tsx';
import { ConnectorLine } from '../../parts/connector-line.tsx';
import { McpCalls } from '../../parts/mcp-calls.tsx';
import { LevelLabel } from '../../parts/tool-level.tsx';

type Tool = MyConnector['tools'][number];

const COLUMNS: readonly Column<Tool>[] = [
  {
    key: 'name',
    header: 'Tool',
    sortBy: ({ name }) => name,
    cell: ({ name, description }) => (
      <>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        {description !== null && (
          <Text size="xs" c="dimmed" maw={560} lineClamp={2}>
            {description}
          </Text>
        )}
      </>
    ),
  },
  { key: 'level', header: 'How freely', width: 180, cell: ({ level }) => <LevelLabel level={level} /> },
];

const wordsOf = ({ tools, level }: MyConnector): string => {
  if (tools.length > 0) return plural(tools.length, 'tool');
  return level === 'blocked' ? 'Single tools only' : 'All its tools';
};

/** The connectors I may use, the line that adds each, and my last calls. */
export const MyConnectors = () => {
  const connectors = useQuery(myConnectorsQuery);
  return (
    <Stack gap="lg">
      <SectionCard
        title="My connectors"
        description="MCP servers you reach through Remit with your own key. Tools that are blocked for you are not listed."
        flush
      >
        <Loadable
          query={connectors}
          lines={4}
          isEmpty={(all) => all.length === 0}
          empty={
            <Nothing title="No connectors yet" icon={<IconPlug size={26} stroke={1.5} aria-hidden />}>
              No connector is registered, or none of your roles permits one. An administrator can tell you which.
            </Nothing>
          }
        >
          {(all) => (
            <Accordion multiple order={3} defaultValue={all.slice(0, 1).map(({ slug }) => slug)}>
              {all.map((connector) => (
                <Accordion.Item key={connector.slug} value={connector.slug}>
                  <Accordion.Control>
                    <Group gap="sm">
                      <Text fw={500}>{connector.name}</Text>
                      <Text size="sm" c="dimmed">
                        {wordsOf(connector)}
                      </Text>
                    </Group>
                  </Accordion.Control>
                  <Accordion.Panel>
                    <Stack gap="md">
                      <ConnectorLine slug={connector.slug} url={connector.url} />
                      {connector.tools.length === 0 ? (
                        <NothingHere>Its tools are listed here once somebody has used it.</NothingHere>
                      ) : (
                        <DataTable
                          label={`Tools of ${connector.name}`}
                          columns={COLUMNS}
                          rows={connector.tools}
                          rowKey={({ name }) => name}
                        />
                      )}
                    </Stack>
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
          )}
        </Loadable>
      </SectionCard>
      <McpCalls of="me" />
    </Stack>
  );
};
