import { Code, DataList, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DecisionDetail } from '../../gateway/contract.ts';
import { CopyText } from '../kit/copy-text.tsx';
import { EffectBadge } from '../kit/effect-badge.tsx';
import { formatCents, formatDuration, formatExact, formatInstant } from '../kit/format.ts';
import { AskedUsed } from './asked-used.tsx';
import { OutcomeLabel } from './outcome-label.tsx';

/** Everything known of one request, the findings first. */
export const RequestFacts = ({ request }: { readonly request: DecisionDetail }) => (
  <Stack gap="lg">
    <Group gap="lg">
      <Text fw={600} component="div">
        <EffectBadge effect={request.effect} />
      </Text>
      {request.outcome !== 'refused' && (
        <Text component="div" size="sm">
          <OutcomeLabel outcome={request.outcome} />
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {formatInstant(request.created_at)}
      </Text>
    </Group>
    <Findings findings={request.findings} />
    <Facts title="Request" facts={requestFacts(request)} />
    <Facts title="Usage" facts={usageFacts(request)} />
    <Facts title="Ids" facts={idFacts(request)} />
  </Stack>
);

const Findings = ({ findings }: Pick<DecisionDetail, 'findings'>) => (
  <Stack gap="xs">
    <Title order={2}>What was found</Title>
    {findings.length === 0 && <Text size="sm">No rule stood against this request.</Text>}
    {distinct(findings).map((finding) => (
      <Paper key={`${finding.reason} ${finding.explanation}`} withBorder p="sm">
        <Group justify="space-between" mb={4}>
          <Text size="sm" component="div">
            <EffectBadge effect={finding.effect} />
          </Text>
          <Code>{finding.reason}</Code>
        </Group>
        <Text size="sm">{finding.explanation}</Text>
      </Paper>
    ))}
  </Stack>
);

/** A client that says its effort in two places is found twice; whoever reads it needs the sentence once. */
const distinct = (findings: DecisionDetail['findings']): DecisionDetail['findings'] =>
  findings.filter(
    ({ effect, explanation }, place) =>
      findings.findIndex((other) => other.effect === effect && other.explanation === explanation) === place,
  );

type Fact = readonly [label: string, value: ReactNode];

const Facts = ({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) => (
  <Stack gap="xs">
    <Title order={2}>{title}</Title>
    <DataList size="sm" gap={8} labelWidth={150}>
      {facts.map(([label, value]) => (
        <DataList.Item key={label}>
          <DataList.ItemLabel>{label}</DataList.ItemLabel>
          <DataList.ItemValue>{value}</DataList.ItemValue>
        </DataList.Item>
      ))}
    </DataList>
  </Stack>
);

const ENDPOINTS = {
  messages: 'Messages',
  count_tokens: 'Count tokens',
  batch: 'Batch',
  batch_item: 'Entry of a batch',
  files: 'Upload of a file',
} as const;

const requestFacts = (request: DecisionDetail): readonly Fact[] => [
  request.user === null
    ? ['Group', request.rbac_group?.name ?? '–']
    : ['Member', `${request.user.name} (${request.user.email})`],
  ['Key', request.api_key?.name ?? '–'],
  ['Model', <AskedUsed key="model" {...request.model} />],
  ['Effort', <AskedUsed key="effort" asked={request.effort.asked} used={request.effort.used} none="not given" />],
  ['Effort cap', request.effort.cap ?? 'none'],
  ['Endpoint', `${ENDPOINTS[request.endpoint]}${request.stream ? ', streamed' : ''}`],
  ['Client', request.client ?? 'unknown'],
  ['Answer', answerWords(request)],
  ['First byte', request.latency?.first_byte_ms == null ? '–' : formatDuration(request.latency.first_byte_ms)],
  ['Total time', request.latency === null ? '–' : formatDuration(request.latency.total_ms)],
];

const answerWords = ({ outcome, status }: DecisionDetail): string => {
  if (outcome === 'refused') return 'Not sent to the provider';
  return status === null ? 'Not yet' : `HTTP ${status}`;
};

const costWords = ({ cost }: DecisionDetail): string => {
  if (cost === null) return '–';
  const notes = [cost.estimated ? 'an estimate' : '', cost.priced ? '' : 'model without a price'].filter(Boolean);
  return `${formatCents(cost.amount)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
};

const usageFacts = (request: DecisionDetail): readonly Fact[] => {
  const { usage } = request;
  if (usage === null) return [['Tokens', 'Nothing was used']];
  const { web_search_requests, web_fetch_requests } = usage.server_tool_use;
  return [
    ['Input', formatExact(usage.input_tokens)],
    ['Cache read', formatExact(usage.cache_read_input_tokens)],
    ['Cache write, 5 minutes', formatExact(usage.cache_creation.ephemeral_5m_input_tokens)],
    ['Cache write, 1 hour', formatExact(usage.cache_creation.ephemeral_1h_input_tokens)],
    ['Output', formatExact(usage.output_tokens)],
    ...(web_search_requests + web_fetch_requests === 0
      ? []
      : [['Web searches, fetches', `${web_search_requests}, ${web_fetch_requests}`] as const]),
    ['Cost', costWords(request)],
  ];
};

const Id = ({ value, label }: { readonly value: string | null; readonly label: string }) =>
  value === null ? (
    '–'
  ) : (
    <Group gap={4} wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
      <CopyText value={value} label={`Copy: ${label}`} />
    </Group>
  );

const idFacts = (request: DecisionDetail): readonly Fact[] => [
  ['Request', <Id key="request" value={request.id} label="request id" />],
  ['Upstream’s request', <Id key="upstream" value={request.upstream_request_id} label="the upstream's request id" />],
  ['Upstream', request.upstream ?? '–'],
  ['Session', <Id key="session" value={request.session_id} label="session id" />],
  ['Agent', <Id key="agent" value={request.agent_id} label="agent id" />],
  ['Policy version', String(request.policy_version)],
];
