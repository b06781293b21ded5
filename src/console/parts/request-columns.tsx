import { Stack, Text } from '@mantine/core';
import type { Decision } from '../../gateway/contract.ts';
import type { Column } from '../kit/data-table.tsx';
import { EffectBadge } from '../kit/effect-badge.tsx';
import { formatCents, formatCount, formatDuration } from '../kit/format.ts';
import { RelativeTime } from '../kit/relative-time.tsx';
import { AskedUsed } from './asked-used.tsx';
import { OutcomeLabel } from './outcome-label.tsx';

/** Tokens the model read: fresh, written to the cache and read from it. */
const inputTokens = (usage: NonNullable<Decision['usage']>): number =>
  usage.input_tokens +
  usage.cache_read_input_tokens +
  usage.cache_creation.ephemeral_5m_input_tokens +
  usage.cache_creation.ephemeral_1h_input_tokens;

const whose = ({ user, rbac_group, api_key }: Decision): readonly [who: string, how: string] => [
  user?.name ?? rbac_group?.name ?? 'Unknown',
  api_key?.name ?? 'no key',
];

const Whose = ({ decision }: { readonly decision: Decision }) => {
  const [who, how] = whose(decision);
  return (
    <Stack gap={0} maw={190}>
      <Text size="sm" truncate>
        {who}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {how}
      </Text>
    </Stack>
  );
};

const Latency = ({ latency }: Pick<Decision, 'latency'>) =>
  latency === null ? (
    '–'
  ) : (
    <span style={{ whiteSpace: 'nowrap' }}>
      {latency.first_byte_ms === null ? '–' : formatDuration(latency.first_byte_ms)}
      <Text span inherit c="dimmed">
        {' / '}
        {formatDuration(latency.total_ms)}
      </Text>
    </span>
  );

const Cost = ({ cost }: Pick<Decision, 'cost'>) =>
  cost === null ? '–' : (cost.estimated || !cost.priced ? '≈ ' : '') + formatCents(cost.amount);

/** The columns of a table of requests; `opened` draws the link that opens one. */
export const requestColumns = (
  withWhom: boolean,
  link: (decision: Decision, children: React.ReactNode) => React.ReactNode,
): readonly Column<Decision>[] => [
  { key: 'time', header: 'Time', cell: (row) => link(row, <RelativeTime at={row.created_at} />) },
  ...(withWhom ? [{ key: 'whose', header: 'Member and key', cell: (row: Decision) => <Whose decision={row} /> }] : []),
  // Before what makes the table wide: on a narrow window the last columns are out of sight.
  { key: 'effect', header: 'Decision', cell: (row) => <EffectBadge effect={row.effect} /> },
  { key: 'model', header: 'Model', cell: (row) => <AskedUsed {...row.model} /> },
  { key: 'effort', header: 'Effort', cell: (row) => <AskedUsed asked={row.effort.asked} used={row.effort.used} /> },
  {
    key: 'tokens',
    header: 'Tokens in / out',
    align: 'right',
    cell: ({ usage }) =>
      usage === null ? '–' : `${formatCount(inputTokens(usage))} / ${formatCount(usage.output_tokens)}`,
  },
  { key: 'cost', header: 'Cost', align: 'right', cell: (row) => <Cost cost={row.cost} /> },
  { key: 'latency', header: 'First byte / total', align: 'right', cell: (row) => <Latency latency={row.latency} /> },
  { key: 'outcome', header: 'Outcome', cell: (row) => <OutcomeLabel outcome={row.outcome} /> },
];
