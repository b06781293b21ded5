import type { AnswerKind } from './traffic/answers.ts';
import { claudeCodeBody, smallBody } from './traffic/bodies.ts';
import { VARIANTS, type VariantName } from './variants/variant.ts';

/** How requests are driven: as many as go through, at a fixed rate, or as streams that stay open. */
export type Drive =
  | { kind: 'closed'; connections: number }
  | { kind: 'open'; rate: number }
  | { kind: 'hold'; connections: number };

/** One kind of traffic that all variants get in turn. `weight` multiplies the seconds of a round, `repeats` the rounds; `needsFresh` asks
 * for processes that have served nothing else. */
export type Scenario = {
  name: string;
  title: string;
  body: () => Buffer;
  answer: AnswerKind;
  drive: Drive;
  variants: readonly VariantName[];
  weight: number;
  repeats: number;
  needsFresh: boolean;
};

const ROLES: readonly VariantName[] = ['remit-few', 'remit-many'];
const LIMITS: readonly VariantName[] = ['remit-few', 'remit-limits'];
const FIVE = VARIANTS.filter((name) => !ROLES.includes(name));
const FOUR = FIVE.filter((name) => name !== 'floor');
const json1k = () => smallBody(false);
const stream1k = () => smallBody(true);

/** Every scenario, in the order in which they run. Those that need fresh processes come last. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'json-1k',
    title: '1 KB JSON',
    body: json1k,
    answer: 'json',
    drive: { kind: 'closed', connections: 32 },
    variants: FIVE,
    weight: 1,
    repeats: 1,
    needsFresh: false,
  },
  {
    name: 'stream-100',
    title: '100-event stream',
    body: stream1k,
    answer: 'stream',
    drive: { kind: 'closed', connections: 32 },
    variants: FIVE,
    // How many writes a gateway finds waiting is a matter of scheduling here: more rounds find the middle.
    weight: 0.7,
    repeats: 2,
    needsFresh: false,
  },
  {
    name: 'body-100k',
    title: '100 KB body',
    body: () => claudeCodeBody(100_000),
    answer: 'json',
    drive: { kind: 'closed', connections: 16 },
    variants: FIVE,
    weight: 1,
    repeats: 1,
    needsFresh: false,
  },
  {
    name: 'body-500k',
    title: '500 KB body',
    body: () => claudeCodeBody(500_000),
    answer: 'json',
    drive: { kind: 'closed', connections: 16 },
    variants: FOUR,
    weight: 1,
    repeats: 1,
    needsFresh: false,
  },
  {
    name: 'latency-json',
    title: '1 KB JSON at 200/s',
    body: json1k,
    answer: 'json',
    drive: { kind: 'open', rate: 200 },
    variants: FIVE,
    weight: 1.5,
    repeats: 1,
    needsFresh: false,
  },
  {
    name: 'latency-stream',
    title: 'streams at 200/s',
    body: stream1k,
    answer: 'stream',
    drive: { kind: 'open', rate: 200 },
    variants: FOUR,
    weight: 1.5,
    repeats: 1,
    needsFresh: false,
  },
  {
    name: 'policy-size',
    title: 'policy size',
    body: json1k,
    answer: 'json',
    drive: { kind: 'closed', connections: 32 },
    variants: ROLES,
    // A difference of 5 % is less than rounds differ by, so it wants many of them.
    weight: 0.3,
    repeats: 9,
    needsFresh: true,
  },
  {
    name: 'limits',
    title: 'spend limits and rates',
    body: json1k,
    answer: 'json',
    drive: { kind: 'closed', connections: 32 },
    variants: LIMITS,
    weight: 0.3,
    repeats: 9,
    needsFresh: true,
  },
  {
    name: 'open-streams',
    title: 'open slow streams',
    body: stream1k,
    answer: 'slow',
    drive: { kind: 'hold', connections: 1000 },
    // Without a gateway there is no memory to measure.
    variants: FOUR.filter((name) => name !== 'direct'),
    weight: 1,
    repeats: 1,
    needsFresh: true,
  },
];
