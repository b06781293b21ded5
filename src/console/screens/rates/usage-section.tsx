import { Alert, Group, Progress, Text } from '@mantine/core';
import { IconTrendingUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { exportRateUsage, type RateUsage } from '../../../spend/contract.ts';
import { rateUsageQuery } from '../../data/rates.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { formatCount, formatExact } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { groupName, limiterName, TIER_WORDS } from './words.ts';

type Pool = RateUsage['data'][number];
type Line = { readonly pool: Pool; readonly limit: Pool['limits'][number] };

/** How much of each limit is used now, and at most in the last hours. */
export const UsageSection = () => {
  const usage = useQuery(rateUsageQuery);
  return (
    <SectionCard
      title="Used of the organisation’s limits"
      description="Now, and the most in this hour and the one before. Limits fill up again continuously, not at the full minute."
      flush
      actions={<CsvButton of={exportRateUsage} label="Download used of rate limits as CSV" />}
    >
      <Loadable
        query={usage}
        isEmpty={({ data }) => data.every(({ limits }) => limits.length === 0)}
        empty={
          <NothingHere>
            Nothing is limited for the organisation as a whole. Choose a tier below to keep requests under known
            numbers.
          </NothingHere>
        }
      >
        {(data) => (
          <>
            <Hint usage={data} />
            <DataTable
              label="Used of rate limits"
              columns={COLUMNS}
              rows={data.data.flatMap((pool) => pool.limits.map((limit) => ({ pool, limit })))}
              rowKey={({ pool, limit }) => `${pool.rate_limit_id}-${limit.type}`}
              initialSort={{ key: 'peak', descending: true }}
              pageSize={10}
            />
          </>
        )}
      </Loadable>
    </SectionCard>
  );
};

const Hint = ({ usage: { hint, data } }: { readonly usage: RateUsage }) => {
  if (hint === null) return null;
  const pool = data.find(({ rate_limit_id }) => rate_limit_id === hint.rate_limit_id);
  const next = hint.next_tier === null ? null : TIER_WORDS[hint.next_tier].name;
  return (
    <Alert
      color="yellow"
      mx="md"
      mb="sm"
      icon={<IconTrendingUp size={18} aria-hidden />}
      title={`${percent(hint.peak_utilization)} of a limit was used`}
    >
      {limiterName(hint.limiter)}
      {pool === undefined ? '' : ` on ${groupName(pool.group)}`} came to half of the limit or more.{' '}
      {next === null
        ? 'There is no tier above this one; set numbers of your own, or spread the load.'
        : `Consider the tier ${next} before requests are refused.`}
    </Alert>
  );
};

const percent = (share: number): string => (share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`);

const amount = (value: number): string => (value < 100_000 ? formatExact(Math.round(value)) : formatCount(value));

const COLUMNS: readonly Column<Line>[] = [
  {
    key: 'pool',
    header: 'On',
    cell: ({ pool }) => (
      <Text size="sm" fw={500} title={pool.models?.join(', ')}>
        {groupName(pool.group)}
      </Text>
    ),
  },
  { key: 'limiter', header: 'Limit', cell: ({ limit }) => limiterName(limit.type) },
  {
    key: 'now',
    header: 'Now',
    width: '24%',
    sortBy: ({ limit }) => limit.utilization,
    cell: ({ pool, limit }) => (
      <Bar
        share={limit.utilization}
        words={`${amount(limit.used)} of ${amount(limit.value)}`}
        label={`${limiterName(limit.type)} on ${groupName(pool.group)} now`}
      />
    ),
  },
  {
    key: 'peak',
    header: 'Most in two hours',
    width: '24%',
    sortBy: ({ limit }) => limit.peak_utilization,
    cell: ({ pool, limit }) => (
      <Bar
        share={limit.peak_utilization}
        words={`${amount(limit.peak)} · ${percent(limit.peak_utilization)}`}
        label={`${limiterName(limit.type)} on ${groupName(pool.group)} at most`}
      />
    ),
  },
];

const colourOf = (share: number): string => (share >= 0.9 ? 'red.7' : share >= 0.5 ? 'yellow.7' : 'ink.6');

type BarProps = { readonly share: number; readonly words: string; readonly label: string };

const Bar = ({ share, words, label }: BarProps) => (
  <Group gap={4} miw={120}>
    <Text size="xs" c="dimmed" className="figures" style={{ whiteSpace: 'nowrap' }}>
      {words}
    </Text>
    <Progress.Root size={6} w="100%">
      <Progress.Section value={Math.min(100, share * 100)} color={colourOf(share)} aria-label={label} />
    </Progress.Root>
  </Group>
);
