import { Alert, Button, Group, Switch, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { McpCall, McpOutcome } from '../../gateway/contract.ts';
import type { CallsQuery } from '../data/connectors.ts';
import { mcpCallsQuery } from '../data/connectors.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { DotLabel, type Tone } from '../kit/dot-label.tsx';
import { sentenceOf } from '../kit/error-words.ts';
import { formatDuration, plural } from '../kit/format.ts';
import { Loadable } from '../kit/loadable.tsx';
import { RelativeTime } from '../kit/relative-time.tsx';
import { SectionCard } from '../kit/section-card.tsx';
import { NothingHere } from '../kit/states.tsx';
import { LevelLabel } from './tool-level.tsx';

const OUTCOMES: Readonly<Record<McpOutcome, readonly [tone: Tone, word: string]>> = {
  open: ['busy', 'Running'],
  refused: ['bad', 'Refused'],
  completed: ['good', 'Answered'],
  tool_error: ['warn', 'Tool failed'],
  rpc_error: ['warn', 'Server refused'],
  failed: ['bad', 'No answer'],
  detached: ['quiet', 'Answered elsewhere'],
  client_left: ['quiet', 'Client left'],
  revoked: ['bad', 'Access ended'],
  interrupted: ['quiet', 'Interrupted'],
};

const METHODS: Readonly<Record<McpCall['method'], string>> = {
  initialize: 'Connected',
  'tools/call': 'Tool',
  'prompts/get': 'Prompt',
  'resources/read': 'Read a resource',
};

const whoOf = ({ user, rbac_group, api_key }: McpCall): string =>
  user?.name ||
  user?.email ||
  (rbac_group === null ? (api_key?.name ?? '') : `${rbac_group.name} (${api_key?.name ?? 'service key'})`);

const WHO: Column<McpCall> = {
  key: 'who',
  header: 'Who',
  cell: (row) => whoOf(row),
};

const CONNECTOR: Column<McpCall> = {
  key: 'connector',
  header: 'Connector',
  cell: ({ connector }) => connector.name ?? connector.slug,
};

const COLUMNS: readonly Column<McpCall>[] = [
  {
    key: 'what',
    header: 'What',
    cell: ({ method, name, explanation }) => (
      <>
        <Text size="sm" fw={500}>
          {name ?? METHODS[method]}
        </Text>
        {explanation !== null && (
          <Text size="xs" c="dimmed" maw={360}>
            {explanation}
          </Text>
        )}
      </>
    ),
  },
  { key: 'level', header: 'Level', cell: ({ level }) => (level === null ? '–' : <LevelLabel level={level} />) },
  {
    key: 'outcome',
    header: 'Outcome',
    cell: ({ outcome }) => {
      const [tone, word] = OUTCOMES[outcome];
      return <DotLabel tone={tone}>{word}</DotLabel>;
    },
  },
  {
    key: 'took',
    header: 'Took',
    align: 'right',
    cell: ({ total_ms }) => (total_ms === null ? '–' : formatDuration(total_ms)),
  },
];

const columnsFor = ({ of, connectorId }: Omit<CallsQuery, 'refusedOnly'>): readonly Column<McpCall>[] => [
  { key: 'when', header: 'When', cell: (row) => <RelativeTime at={row.created_at} /> },
  ...(of === 'me' ? [] : [WHO]),
  ...(connectorId === undefined ? [CONNECTOR] : []),
  ...COLUMNS,
];

type Props = { readonly of: CallsQuery['of']; readonly connectorId?: string };

/** The last calls of connectors, older ones on request. What a call said is nowhere recorded. */
export const McpCalls = ({ of, connectorId }: Props) => {
  const [refusedOnly, setRefusedOnly] = useState(false);
  const calls = useInfiniteQuery(mcpCallsQuery({ of, connectorId, refusedOnly }));
  const rows = calls.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <SectionCard
      title={of === 'me' ? 'My calls' : 'Calls'}
      description={`${of === 'me' ? 'Which tools you called' : 'Who called which tool'}, and what was decided. Arguments and results are not recorded.`}
      actions={
        <Switch
          label="Refused only"
          size="sm"
          checked={refusedOnly}
          onChange={(event) => setRefusedOnly(event.currentTarget.checked)}
        />
      }
      flush
    >
      <Loadable
        query={calls}
        isEmpty={() => rows.length === 0}
        empty={<NothingHere>{refusedOnly ? 'Nothing has been refused.' : 'No tool has been called yet.'}</NothingHere>}
      >
        {() => (
          <>
            <DataTable
              label="Calls"
              columns={columnsFor({ of, connectorId })}
              rows={rows}
              rowKey={(row) => row.id}
              pageSize={Math.max(1, rows.length)}
            />
            {calls.isFetchNextPageError && (
              <Alert color="red" m="md" role="alert">
                {sentenceOf(calls.error)}
              </Alert>
            )}
            <Group justify="space-between" p="sm" px="md">
              <Text size="sm" c="dimmed">
                {plural(rows.length, 'call')} shown
              </Text>
              {calls.hasNextPage && (
                <Button
                  variant="default"
                  size="xs"
                  loading={calls.isFetchingNextPage}
                  onClick={() => void calls.fetchNextPage()}
                >
                  Show older
                </Button>
              )}
            </Group>
          </>
        )}
      </Loadable>
    </SectionCard>
  );
};
