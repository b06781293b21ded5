import type { Round } from '../measure.ts';
import { difference, figure, type Metric, ratio, type Spread } from './figures.ts';

/** A promise of the project about its own cost, and how it fared. `unmeasured` where a figure is missing. */
export type Verdict = { sentence: string; outcome: 'met' | 'missed' | 'unmeasured'; found: string };

type Target = {
  sentence: string;
  measure(rounds: readonly Round[]): Spread | undefined;
  isMet(median: number): boolean;
  unit: string;
};

const atMost = (limit: number) => (median: number) => median <= limit;
const atLeast = (limit: number) => (median: number) => median >= limit;

const cpuOverNginx = (scenario: string, title: string, limit: number): Target => ({
  sentence: `${title}: CPU per request ≤ ${limit} × nginx`,
  measure: (rounds) => ratio(rounds, { scenario, variant: 'remit', against: 'nginx', metric: 'cpuMicros' }),
  isMet: atMost(limit),
  unit: '×',
});

const cpuUnderPortkey = (scenario: string, title: string, times: number): Target => ({
  sentence: `${title}: CPU per request ≤ 1/${times} of Portkey`,
  measure: (rounds) => ratio(rounds, { scenario, variant: 'portkey', against: 'remit', metric: 'cpuMicros' }),
  isMet: atLeast(times),
  unit: 'times less',
});

const addedTime = (scenario: string, title: string, wish: { metric: Metric; name: string; limit: number }): Target => ({
  sentence: `${title}: time to first byte ${wish.name} ≤ ${wish.limit} ms over nginx`,
  measure: (rounds) => difference(rounds, { scenario, variant: 'remit', against: 'nginx', metric: wish.metric }),
  isMet: atMost(wish.limit),
  unit: 'ms',
});

const P50 = { metric: 'firstByteP50', name: 'p50', limit: 0.4 } as const;
const P99 = { metric: 'firstByteP99', name: 'p99', limit: 3 } as const;

const policySize = (metric: Metric, name: string): Target => ({
  sentence: `policy size: ${name} with many roles within 5 % of that with few`,
  measure: (rounds) => ratio(rounds, { scenario: 'policy-size', variant: 'remit-many', against: 'remit-few', metric }),
  isMet: (median) => Math.abs(median - 1) <= 0.05,
  unit: '×',
});

const limits: Target = {
  sentence: 'spend limits and rates on: CPU per request within 15 % of them off',
  measure: (rounds) =>
    ratio(rounds, { scenario: 'limits', variant: 'remit-limits', against: 'remit-few', metric: 'cpuMicros' }),
  isMet: atMost(1.15),
  unit: '×',
};

const MEGABYTE = 1_000_000;

const openStreams: Target = {
  sentence: '1,000 open streams: at most 250 MB',
  measure: (rounds) => {
    const peak = figure(rounds, { scenario: 'open-streams', variant: 'remit' }, 'peakBytes');
    return peak && { median: peak.median / MEGABYTE, min: peak.min / MEGABYTE, max: peak.max / MEGABYTE };
  },
  isMet: atMost(250),
  unit: 'MB',
};

const TARGETS: readonly Target[] = [
  cpuOverNginx('json-1k', '1 KB JSON', 3.5),
  cpuUnderPortkey('json-1k', '1 KB JSON', 10),
  cpuOverNginx('stream-100', '100-event stream', 1.7),
  cpuUnderPortkey('stream-100', '100-event stream', 12),
  cpuOverNginx('body-100k', '100 KB body', 6),
  cpuUnderPortkey('body-100k', '100 KB body', 10),
  addedTime('latency-json', '1 KB JSON at 200/s', P50),
  addedTime('latency-json', '1 KB JSON at 200/s', P99),
  addedTime('latency-stream', 'streams at 200/s', P50),
  addedTime('latency-stream', 'streams at 200/s', P99),
  openStreams,
  limits,
  policySize('cpuMicros', 'CPU per request'),
  policySize('requestsPerSecond', 'throughput'),
];

const judge = (rounds: readonly Round[], { sentence, measure, isMet, unit }: Target): Verdict => {
  const found = measure(rounds);
  if (found === undefined) return { sentence, outcome: 'unmeasured', found: 'no figure' };
  const [median, min, max] = [found.median, found.min, found.max].map((value) => value.toFixed(2));
  return { sentence, outcome: isMet(found.median) ? 'met' : 'missed', found: `${median} ${unit} (${min}–${max})` };
};

/** Judges every target by the median over the rounds. */
export const judgeTargets = (rounds: readonly Round[]): Verdict[] => TARGETS.map((target) => judge(rounds, target));
