import { Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { exportSpend, type SpendForecast, type SpendLimit } from '../../../spend/contract.ts';
import { forecastQuery } from '../../data/spend.ts';
import { fewLimitsQuery } from '../../data/spend-limits.ts';
import { type Figure, Figures } from '../../kit/figures.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { dollarsOf, formatAmount, formatDollars, percentOf } from '../../kit/money.ts';
import { joinReadings } from '../../kit/reading.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { chartWords } from './chart-words.ts';

// The library that draws is large, and the figures need not wait for it.
const MonthChart = lazy(async () => ({ default: (await import('./month-chart.tsx')).MonthChart }));

/** The organisation's month: spent, limit, where it is heading. */
export const MonthSection = () => {
  const forecast = useQuery(forecastQuery);
  const totals = useQuery(fewLimitsQuery({ scope_type: ['organization_total'] }));
  return (
    <SectionCard
      title="This month"
      description="From the 1st, 00:00 UTC. Requests that run now count when they end."
      actions={<CsvButton of={exportSpend} query={{ by: 'day' }} label="Download each day as CSV" />}
    >
      <Loadable query={joinReadings(forecast, totals)} lines={8}>
        {([data, limits]) => <Month forecast={data} limit={monthlyOf(limits)} />}
      </Loadable>
    </SectionCard>
  );
};

const monthlyOf = (limits: readonly SpendLimit[]): string | null =>
  limits.find(({ period, is_enabled }) => period === 'monthly' && is_enabled)?.amount ?? null;

type Props = { readonly forecast: SpendForecast; readonly limit: string | null };

const Month = ({ forecast, limit }: Props) => {
  const [kind, setKind] = useState<'sum' | 'days'>('sum');
  const isShown = isLimitInSight(forecast, limit);
  return (
    <Stack gap="lg">
      <Figures figures={figuresOf(forecast, limit)} />
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="What the chart shows"
          value={kind}
          data={[
            { value: 'sum', label: 'Sum so far' },
            { value: 'days', label: 'Day by day' },
          ]}
          onChange={setKind}
        />
        <Legend kind={kind} hasForecast={forecast.forecast !== null} hidden={isShown ? null : limit} />
      </Group>
      <div role="img" aria-label={chartWords(forecast, limit)}>
        <Suspense fallback={<Skeleton h={300} />}>
          <MonthChart forecast={forecast} limit={limit === null || !isShown ? null : dollarsOf(limit)} kind={kind} />
        </Suspense>
      </div>
      <Text size="xs" c="dimmed">
        {forecast.method}
      </Text>
    </Stack>
  );
};

/** A limit this many times above everything else would press the rest of the chart flat. */
const IN_SIGHT = 4;

const isLimitInSight = ({ amount, forecast }: SpendForecast, limit: string | null): boolean =>
  limit === null || dollarsOf(limit) <= IN_SIGHT * dollarsOf(forecast?.high_amount ?? amount);

const figuresOf = ({ amount, forecast }: SpendForecast, limit: string | null): readonly Figure[] => [
  { label: 'Spent so far', value: formatAmount(amount) },
  limit === null
    ? { label: 'Limit', value: 'None', note: 'Nothing stops the organisation as a whole.' }
    : {
        label: `Left of ${formatAmount(limit)}`,
        value: formatDollars(Math.max(0, dollarsOf(limit) - dollarsOf(amount))),
        note: `${percentOf(amount, limit)}% is used.`,
      },
  forecast === null
    ? { label: 'Expected by the month’s end', value: 'Not yet known', note: 'A forecast needs a few days of spend.' }
    : {
        label: 'Expected by the month’s end',
        value: formatAmount(forecast.expected_amount),
        note: `Likely ${formatAmount(forecast.low_amount)} to ${formatAmount(forecast.high_amount)}${wordOnLimit(forecast, limit)}`,
      },
];

const wordOnLimit = (forecast: NonNullable<SpendForecast['forecast']>, limit: string | null): string => {
  if (limit === null) return '.';
  if (dollarsOf(forecast.expected_amount) > dollarsOf(limit)) return '; the limit would be reached before.';
  return dollarsOf(forecast.high_amount) > dollarsOf(limit) ? '; the limit may be reached before.' : '.';
};

type LegendProps = {
  readonly kind: 'sum' | 'days';
  readonly hasForecast: boolean;
  /** A limit too far above to be drawn. */
  readonly hidden: string | null;
};

const Legend = ({ kind, hasForecast, hidden }: LegendProps) => (
  <Group gap="md" aria-hidden>
    <Key colour="var(--mantine-color-ink-6)">Spent</Key>
    {hasForecast && kind === 'sum' && <Key colour="var(--mantine-color-ink-3)">Expected, and the likely range</Key>}
    {hidden !== null && kind === 'sum' && (
      <Text size="xs" c="dimmed">
        The limit of {formatAmount(hidden)} lies above the chart.
      </Text>
    )}
    {hasForecast && kind === 'days' && <Key colour="var(--mantine-color-ink-2)">Expected</Key>}
  </Group>
);

const Key = ({ colour, children }: { readonly colour: string; readonly children: string }) => (
  <Group gap={6}>
    <span style={{ width: 10, height: 10, borderRadius: 2, background: colour }} />
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  </Group>
);
