import { Box, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconPlug, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Connector } from '../../../access/contract.ts';
import { connectorsQuery } from '../../data/connectors.ts';
import { usePermission } from '../../data/session.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { plural } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { Nothing } from '../../kit/states.tsx';
import { McpCalls } from '../../parts/mcp-calls.tsx';
import { LevelLabel } from '../../parts/tool-level.tsx';
import { RegisterConnector } from './register-connector.tsx';
import { ServerHealth } from './server-health.tsx';
import { UnlistedServers } from './unlisted-servers.tsx';

const COLUMNS: readonly Column<Connector>[] = [
  {
    key: 'name',
    header: 'Name',
    sortBy: (row) => row.name,
    cell: (row) => (
      <TextLink to="/connectors/$connectorId" params={{ connectorId: row.id }} size="sm" fw={500}>
        {row.name}
      </TextLink>
    ),
  },
  { key: 'slug', header: 'Short name', sortBy: (row) => row.slug, cell: (row) => <Code>{row.slug}</Code> },
  {
    key: 'url',
    header: 'Server',
    cell: (row) => (
      <Text size="sm" maw={260} truncate title={row.url}>
        {row.url.replace(/^https?:\/\//, '')}
      </Text>
    ),
  },
  {
    key: 'level',
    header: 'Tools',
    cell: (row) => (
      <Group gap={6} wrap="nowrap">
        <LevelLabel level={row.level} />
        {row.tools.length > 0 && (
          <Text size="xs" c="dimmed">
            {plural(row.tools.length, 'exception')}
          </Text>
        )}
      </Group>
    ),
  },
  { key: 'health', header: 'Last asked', cell: (row) => <ServerHealth connectorId={row.id} /> },
  {
    key: 'created',
    header: 'Registered',
    sortBy: (row) => row.created_at,
    cell: (row) => <RelativeTime at={row.created_at} />,
  },
];

/** The MCP servers that members reach through Remit, and the last calls. */
export const ConnectorsScreen = () => {
  const connectors = useQuery(connectorsQuery);
  const manage = usePermission('libraries:manage');
  const analytics = usePermission('analytics:view');
  const navigate = useNavigate();
  const [registering, setRegistering] = useState(false);
  const [text, setText] = useState('');
  const registerButton = (
    <DisabledReason reason={manage.reason}>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setRegistering(true)}>
        Register connector
      </Button>
    </DisabledReason>
  );
  const matching = (all: readonly Connector[]) => {
    const wanted = text.trim().toLowerCase();
    return all.filter(({ name, slug, url }) => [name, slug, url].some((one) => one.toLowerCase().includes(wanted)));
  };
  return (
    <>
      <PageHeader
        title="Connectors"
        guide="mcp"
        description="MCP servers that members reach through Remit, with their own key and the tools their roles permit."
        actions={registerButton}
      />
      <Stack gap="lg">
        <Box className="card">
          <Group p="sm">
            <SearchInput label="Search connectors" placeholder="Search by name" value={text} onChange={setText} />
          </Group>
          <Loadable
            query={connectors}
            isEmpty={(all) => all.length === 0}
            empty={
              <Nothing
                title="No connectors yet"
                icon={<IconPlug size={26} stroke={1.5} aria-hidden />}
                action={registerButton}
              >
                Register the MCP servers your organisation uses. Members then reach them at one address each, see the
                tools they may use, and every call is on record.
              </Nothing>
            }
          >
            {(all) => (
              <DataTable
                label="Connectors"
                columns={COLUMNS}
                rows={matching(all)}
                rowKey={(row) => row.id}
                onOpen={(row) => void navigate({ to: '/connectors/$connectorId', params: { connectorId: row.id } })}
              />
            )}
          </Loadable>
        </Box>
        {analytics.held && <McpCalls of="organisation" />}
        <UnlistedServers />
      </Stack>
      <RegisterConnector opened={registering} onClose={() => setRegistering(false)} />
    </>
  );
};
