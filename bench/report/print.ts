import type { Round } from '../measure.ts';
import type { Scenario } from '../scenarios.ts';
import { VARIANTS, type VariantName } from '../variants/variant.ts';
import { difference, figure, type Metric, ratio, type Spread } from './figures.ts';
import type { Verdict } from './targets.ts';

const NONE = '–';

const digitsFor = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

const write = (spread: Spread | undefined, scale = 1): string => {
  if (spread === undefined) return NONE;
  const [median, min, max] = [spread.median, spread.min, spread.max].map((value) => value * scale);
  const digits = digitsFor(median ?? 0);
  const show = (value: number | undefined) => (value ?? 0).toFixed(digits);
  return spread.min === spread.max ? show(median) : `${show(median)} (${show(min)}–${show(max)})`;
};

type Column = { title: string; cell(variant: VariantName): string };

const columnsOf = (rounds: readonly Round[], scenario: Scenario): Column[] => {
  const name = scenario.name;
  const plain = (title: string, metric: Metric, scale = 1): Column => ({
    title,
    cell: (variant) => write(figure(rounds, { scenario: name, variant }, metric), scale),
  });
  const times = (title: string, metric: Metric, against: VariantName): Column => ({
    title,
    cell: (variant) => write(ratio(rounds, { scenario: name, variant, against, metric })),
  });
  const shareOfPortkey: Column = {
    title: '1/n of Portkey',
    cell: (variant) =>
      write(ratio(rounds, { scenario: name, variant: 'portkey', against: variant, metric: 'cpuMicros' })),
  };
  const added = (title: string, metric: Metric): Column => ({
    title,
    cell: (variant) => write(difference(rounds, { scenario: name, variant, against: 'nginx', metric })),
  });
  const cpu = plain('CPU µs/request', 'cpuMicros');
  const peak = plain('peak MB', 'peakBytes', 1e-6);
  if (scenario.drive.kind === 'hold') return [peak, times('× nginx', 'peakBytes', 'nginx')];
  const firstByte = [plain('first byte p50 ms', 'firstByteP50'), plain('p99 ms', 'firstByteP99')];
  if (scenario.drive.kind === 'open')
    return [...firstByte, added('p50 over nginx', 'firstByteP50'), added('p99 over nginx', 'firstByteP99'), cpu, peak];
  const basis = scenario.variants.includes('nginx')
    ? [times('× nginx', 'cpuMicros', 'nginx'), shareOfPortkey]
    : [times('× few roles', 'cpuMicros', 'remit-few')];
  const helpers = [plain('upstream µs', 'upstreamCpuMicros'), plain('loader µs', 'loaderCpuMicros')];
  return [cpu, ...basis, plain('requests/s', 'requestsPerSecond'), peak, ...helpers];
};

const align = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
};

/** One scenario as lines of text: a row per variant, medians with the lowest and highest round in parentheses. */
export const scenarioTable = (rounds: readonly Round[], scenario: Scenario): string[] => {
  const present = VARIANTS.filter((name) =>
    rounds.some((each) => each.scenario === scenario.name && each.variant === name),
  );
  if (present.length === 0) return [`${scenario.title}: no figures`];
  const columns = columnsOf(rounds, scenario);
  const head = [scenario.title, ...columns.map(({ title }) => title)];
  return align([head, ...present.map((name) => [`  ${name}`, ...columns.map(({ cell }) => cell(name))])]);
};

/** The targets as lines of text. */
export const verdictTable = (verdicts: readonly Verdict[]): string[] =>
  align([['target', 'found', ''], ...verdicts.map(({ sentence, found, outcome }) => [sentence, found, outcome])]);
