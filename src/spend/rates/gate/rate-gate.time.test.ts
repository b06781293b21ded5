import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RateTier } from '../rules/tiers.ts';
import {
  ADA,
  BOB,
  countOf,
  headersOf,
  type LimitsSet,
  OPUS,
  openGate,
  ROBOT,
  refusalOf,
  ticketOf,
} from '../testing/open-gate.ts';
import { IDLE_MS } from './rate-gate.ts';

test('counting tokens, batches and files have limits of their own', () => {
  const { gate, ask } = openGate('start');
  const count = (kind: 'count_tokens' | 'batch' | 'files') => countOf(() => gate.take({ kind, caller: ADA }), 3000);
  expect([count('count_tokens'), count('batch'), count('files')]).toEqual([2000, 1000, 500]);
  expect(ask().ok).toBe(true);
});

test('the queue of batches takes what fits, and says how much that is', () => {
  const { gate, set } = openGate('start');
  expect(gate.refuseQueue(150_000, 50_000)).toBeUndefined();
  expect(gate.refuseQueue(150_000, 50_001)).toMatchObject({ limiter: 'enqueued_batch_requests', limit: 200_000 });
  set('unlimited');
  expect(gate.refuseQueue(1e9, 1e9)).toBeUndefined();
});

test('a changed tier holds at once, and what was used stays used', () => {
  const { ask, set } = openGate('start');
  countOf(() => ask(ADA, 1), 1000);
  set('build');
  expect(countOf(() => ask(ADA, 1), 5000)).toBe(4000);
  set('start');
  expect(refusalOf(ask(ADA, 1))?.retryAfterSeconds).toBe(1);
});

test('a request that runs while limits change is corrected in the buckets it took from', () => {
  const { ask, set, gate } = openGate('start');
  const ticket = ticketOf(ask(ADA, 1000));
  set('build');
  ticket.end({ inputTokens: 10, cacheReadTokens: 0, outputTokens: 5 });
  ask(ADA, 1);
  expect(gate.utilisation().map(({ limit, used }) => [limit, used])).toEqual([
    [5000, 2],
    [5_000_000, 11],
    [1_000_000, 5],
  ]);
});

test('the headers say what is left, tokens in thousands, and when all of it is back', () => {
  const { ask } = openGate('start');
  ask(ADA, 100_400);
  expect(headersOf(ask(ADA, 100_400))).toEqual({
    'anthropic-ratelimit-requests-limit': '1000',
    'anthropic-ratelimit-requests-remaining': '998',
    'anthropic-ratelimit-requests-reset': '2026-11-26T00:00:01Z',
    'anthropic-ratelimit-input-tokens-limit': '2000000',
    'anthropic-ratelimit-input-tokens-remaining': '1799000',
    'anthropic-ratelimit-input-tokens-reset': '2026-11-26T00:00:07Z',
    'anthropic-ratelimit-output-tokens-limit': '400000',
    'anthropic-ratelimit-output-tokens-remaining': '400000',
    'anthropic-ratelimit-output-tokens-reset': '2026-11-26T00:00:00Z',
    'anthropic-ratelimit-tokens-limit': '2400000',
    'anthropic-ratelimit-tokens-remaining': '2199000',
    'anthropic-ratelimit-tokens-reset': '2026-11-26T00:00:07Z',
  });
});

test('where a workspace limits tokens, the tokens headers show its limit', () => {
  const { ask } = openGate('start', [['workspace:wrkspc_1', OPUS, { output_tokens_per_minute: 30_000 }]]);
  const answer = ask({ ...ADA, workspaceId: 'wrkspc_1' }, 100);
  ticketOf(answer).output(12_000);
  expect(headersOf(answer)).toMatchObject({
    'anthropic-ratelimit-output-tokens-limit': '30000',
    'anthropic-ratelimit-output-tokens-remaining': '18000',
    'anthropic-ratelimit-tokens-limit': '30000',
    'anthropic-ratelimit-tokens-remaining': '18000',
    'anthropic-ratelimit-tokens-reset': '2026-11-26T00:00:24Z',
  });
});

test('two gates that tell one another what they took let in one limit, not two', () => {
  const [one, two] = [openGate('start'), openGate('start')];
  const exchange = () => {
    const [mine, theirs] = [one.gate.news(), two.gate.news()];
    for (const taking of theirs) one.gate.absorb(taking);
    for (const taking of mine) two.gate.absorb(taking);
  };
  expect(countOf(() => one.ask(ADA, 1), 600)).toBe(600);
  exchange();
  expect(countOf(() => two.ask(BOB, 1), 600)).toBe(400);
  exchange();
  expect([one.ask(ADA, 1).ok, two.ask(ADA, 1).ok]).toEqual([false, false]);
  // What was heard is not told again.
  exchange();
  one.pass(60_000);
  expect(countOf(() => one.ask(ADA, 1), 2000)).toBe(1000);
});

test('whatever comes, each bucket holds what was let in and given back, and gives it back in time', () => {
  const move = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), who: fc.constantFrom(ADA, BOB, ROBOT), tokens: fc.nat(3000) }),
    fc.record({ kind: fc.constant('end' as const), which: fc.nat(30), tokens: fc.nat(3000) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(20_000) }),
    fc.record({
      kind: fc.constant('tier' as const),
      tier: fc.constantFrom<RateTier>('start', 'build', 'unlimited', 'custom'),
    }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const sets: LimitsSet[] = [
        ['organization:', OPUS, { requests_per_minute: 7, input_tokens_per_minute_cache_aware: 5000 }],
      ];
      const at = openGate('custom', sets);
      const running: ReturnType<typeof ticketOf>[] = [];
      for (const each of moves) {
        if (each.kind === 'ask') {
          const answer = at.ask(each.who, each.tokens);
          if (answer.ok) running.push(answer.ticket);
          else expect(answer.refusal.retryAfterSeconds).toBeGreaterThan(0);
        } else if (each.kind === 'pass') at.pass(each.ms);
        else if (each.kind === 'tier') at.set(each.tier, sets);
        else
          running
            .splice(each.which, 1)[0]
            ?.end({ inputTokens: each.tokens, cacheReadTokens: 0, outputTokens: each.tokens });
        for (const { used } of at.gate.utilisation()) expect(used).toBeGreaterThanOrEqual(0);
      }
      for (const ticket of running) ticket.end({ inputTokens: 0, cacheReadTokens: 0, outputTokens: 0 });
      at.pass(IDLE_MS * 100);
      for (const { used } of at.gate.utilisation()) expect(used).toBe(0);
      expect(at.ask(ADA, 3000).ok).toBe(true);
    }),
  );
});

test('the most that was used is remembered for two spells', () => {
  const { ask, gate, pass } = openGate('start');
  countOf(() => ask(ADA, 1), 600);
  pass(120_000);
  const peak = () => gate.utilisation().find(({ limiter }) => limiter === 'requests_per_minute')?.peak;
  gate.turn();
  expect(peak()).toBe(600);
  gate.turn();
  expect(peak()).toBe(0);
});
