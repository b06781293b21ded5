import '@mantine/charts/styles.css';
import { BarChart, CompositeChart } from '@mantine/charts';
import { Paper, Text } from '@mantine/core';
import type { SpendForecast } from '../../../spend/contract.ts';
import { formatAxisDollars, formatDollars } from '../../kit/money.ts';
import { formatShortDay } from '../../kit/reset-words.ts';
import { type CumulatedDay, cumulate, eachDay } from './cumulate.ts';

const HEIGHT = 300;
/** Room for half of the uppermost number. */
const TOP = { top: 10 };

type Props = {
  readonly forecast: SpendForecast;
  /** The organisation's limit in dollars; null for none. */
  readonly limit: number | null;
  readonly kind: 'sum' | 'days';
};

/** The month as a line that grows towards its limit, or day by day. */
export const MonthChart = ({ forecast, limit, kind }: Props) =>
  kind === 'sum' ? <SumChart forecast={forecast} limit={limit} /> : <DayChart forecast={forecast} />;

// Whoever does not see the chart gets its words from the frame around it.
const AXES = {
  accessibilityLayer: false,
  h: HEIGHT,
  dataKey: 'date',
  withDots: false,
  gridAxis: 'x',
  tickLine: 'none',
  textColor: 'dimmed',
  valueFormatter: formatAxisDollars,
  xAxisProps: { tickFormatter: formatShortDay, minTickGap: 28 },
  yAxisProps: { width: 56 },
} as const;

const SumChart = ({ forecast, limit }: Omit<Props, 'kind'>) => {
  const days = cumulate(forecast);
  return (
    <CompositeChart
      {...AXES}
      data={days.map((day) => ({ ...day }))}
      curveType="linear"
      connectNulls={false}
      composedChartProps={{ margin: TOP }}
      series={[
        { name: 'band', type: 'area', color: 'ink.3' },
        { name: 'spent', type: 'area', color: 'ink.6' },
        { name: 'expected', type: 'line', color: 'ink.5', strokeDasharray: '5 5' },
      ]}
      areaProps={(series) => (series.name === 'band' ? { stroke: 'none', fillOpacity: 0.28, activeDot: false } : {})}
      referenceLines={
        limit === null
          ? []
          : [
              {
                y: limit,
                color: 'red.7',
                label: `Limit ${formatDollars(limit)}`,
                labelPosition: 'insideTopLeft',
                ifOverflow: 'extendDomain',
              },
            ]
      }
      tooltipProps={{ content: ({ payload }) => <SumTip day={payload?.[0]?.payload as CumulatedDay | undefined} /> }}
    />
  );
};

const Tip = ({ date, lines }: { readonly date: string; readonly lines: readonly string[] }) => (
  <Paper withBorder shadow="sm" px="sm" py={6}>
    <Text size="xs" c="dimmed">
      {formatShortDay(date)}
    </Text>
    {lines.map((line) => (
      <Text key={line} size="sm" className="figures">
        {line}
      </Text>
    ))}
  </Paper>
);

const SumTip = ({ day }: { readonly day: CumulatedDay | undefined }) =>
  day === undefined ? null : (
    <Tip
      date={day.date}
      lines={[
        ...(day.spent === null ? [] : [`${formatDollars(day.spent)} spent`]),
        ...(day.expected === null ? [] : [`${formatDollars(day.expected)} expected`]),
        ...(day.band === null ? [] : [`${formatDollars(day.band[0])} to ${formatDollars(day.band[1])} is likely`]),
      ]}
    />
  );

type BarDay = ReturnType<typeof eachDay>[number];

const DayChart = ({ forecast }: Pick<Props, 'forecast'>) => (
  <BarChart
    {...AXES}
    data={eachDay(forecast)}
    barChartProps={{ margin: TOP }}
    type="stacked"
    series={[
      { name: 'spent', color: 'ink.6' },
      { name: 'toCome', color: 'ink.2' },
    ]}
    tooltipProps={{ content: ({ payload }) => <DayTip day={payload?.[0]?.payload as BarDay | undefined} /> }}
  />
);

const DayTip = ({ day }: { readonly day: BarDay | undefined }) =>
  day === undefined ? null : (
    <Tip
      date={day.date}
      lines={[
        `${formatDollars(day.spent)} spent`,
        ...(day.toCome > 0 ? [`${formatDollars(day.toCome)} more expected`] : []),
      ]}
    />
  );
