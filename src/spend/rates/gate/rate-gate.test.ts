import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../access/index.ts';
import type { LimitSet } from '../rules/limiter.ts';
import { ALL_MODELS, indexPools } from '../rules/pools.ts';
import type { RateRules } from '../rules/rate-rules.ts';
import type { RateCaller } from '../rules/scope.ts';
import type { RateTier } from '../rules/tiers.ts';
import { createRateGate, IDLE_MS, type RateAnswer } from './rate-gate.ts';

const OPUS = 'rlg_claude_opus_5';
const pools = indexPools(CATALOGUE);

type Set = readonly [scope: string, poolId: string, limits: LimitSet];

const rulesOf = (tier: RateTier, sets: readonly Set[]): RateRules => ({
  tier,
  limits: new Map(
    [...Map.groupBy(sets, ([scope]) => scope)].map(([scope, own]) => [
      scope,
      new Map(own.map(([, poolId, limits]) => [poolId, limits])),
    ]),
  ),
});

const ADA: RateCaller = { keyId: 'apikey_ada', userId: 'user_ada', groupId: null, workspaceId: null };
const BOB: RateCaller = { keyId: 'apikey_bob', userId: 'user_bob', groupId: null, workspaceId: null };
const ROBOT: RateCaller = { keyId: 'apikey_robot', userId: null, groupId: 'rbac_group_dev', workspaceId: null };

/** A gate with clocks of its own, and Ada and Bob in the group of developers. */
const openGate = (tier: RateTier, sets: readonly Set[] = []) => {
  const clock = { ms: 0 };
  const held = { rules: rulesOf(tier, sets) };
  const gate = createRateGate({
    rules: () => held.rules,
    pools: () => pools,
    groupsOf: () => ['rbac_group_dev'],
    clocks: { ticks: () => clock.ms, now: () => Date.UTC(2026, 10, 26) + clock.ms },
  });
  const ask = (caller: RateCaller = ADA, inputTokens = 1000, modelId = 'claude-opus-5') =>
    gate.take({ kind: 'messages', caller, modelId, inputTokens });
  return {
    gate,
    ask,
    pass: (ms: number) => {
      clock.ms += ms;
    },
    set: (next: RateTier, nextSets: readonly Set[] = []) => {
      held.rules = rulesOf(next, nextSets);
      gate.forget();
    },
  };
};

const ticketOf = (answer: RateAnswer) => {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.ticket;
};
const refusalOf = (answer: RateAnswer) => (answer.ok ? undefined : answer.refusal);

/** How many of `count` requests get in. */
const countOf = (ask: () => RateAnswer, count: number) =>
  Array.from({ length: count }, ask).filter(({ ok }) => ok).length;

const headersOf = (answer: RateAnswer): Record<string, string> => {
  const flat = ticketOf(answer).headers();
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])));
};

test('where nothing is set, nothing is limited and no headers are sent', () => {
  const { ask } = openGate('unlimited');
  expect(countOf(() => ask(ADA, 100_000_000), 20_000)).toBe(20_000);
  expect(ticketOf(ask()).headers()).toEqual([]);
});

test('a minute lets in as many requests as the tier says, and a refusal names limiter, whose, how much and when', () => {
  const { ask, pass } = openGate('start');
  expect(countOf(() => ask(ADA, 1), 1500)).toBe(1000);
  expect(refusalOf(ask(ADA, 1))).toEqual({
    limiter: 'requests_per_minute',
    scope: { type: 'organization', id: '' },
    poolName: 'Claude Opus 5',
    limit: 1000,
    retryAfterSeconds: 1,
  });
  pass(1000);
  // A thousand in a minute is sixteen in a second.
  expect(countOf(() => ask(ADA, 1), 100)).toBe(16);
});

test('pools do not draw on one another', () => {
  const { ask } = openGate('start');
  countOf(() => ask(ADA, 1), 1000);
  expect(ask(ADA, 1).ok).toBe(false);
  expect(ask(ADA, 1, 'claude-sonnet-5').ok).toBe(true);
});

test('a request that is refused has taken nothing, of any bucket', () => {
  const { ask, gate } = openGate('start', [['api_key:apikey_ada', OPUS, { output_tokens_per_minute: 10 }]]);
  ticketOf(ask()).output(10);
  const before = gate.utilisation();
  expect(refusalOf(ask())).toMatchObject({ limiter: 'output_tokens_per_minute', scope: { type: 'api_key' } });
  expect(gate.utilisation()).toEqual(before);
});

test('the reckoning of the prompt is corrected as soon as it is counted; cache reads are free', () => {
  const { ask, gate } = openGate('start');
  const ticket = ticketOf(ask(ADA, 1_500_000));
  expect(refusalOf(ask(ADA, 600_000))).toMatchObject({ limiter: 'input_tokens_per_minute_cache_aware' });
  ticket.input(20_000, 1_480_000);
  expect(ask(ADA, 600_000).ok).toBe(true);
  ticket.end({ inputTokens: 20_000, cacheReadTokens: 1_480_000, outputTokens: 0 });
  const input = gate.utilisation().find(({ limiter }) => limiter.startsWith('input'));
  expect(input?.used).toBe(620_000);
});

test('cache reads count where a limit says so', () => {
  const { ask } = openGate('unlimited', [['workspace:wrkspc_1', OPUS, { input_tokens_per_minute: 1000 }]]);
  const caller = { ...ADA, workspaceId: 'wrkspc_1' };
  ticketOf(ask(caller, 100)).input(10, 990);
  expect(refusalOf(ask(caller, 1))).toMatchObject({ limiter: 'input_tokens_per_minute', retryAfterSeconds: 1 });
});

test('a prompt that seems larger than the whole limit gets in when nothing else is used, and what it was counts in the end', () => {
  const { ask, pass } = openGate('unlimited', [['user:user_ada', OPUS, { input_tokens_per_minute_cache_aware: 1000 }]]);
  const ticket = ticketOf(ask(ADA, 5000));
  expect(ask(ADA, 1).ok).toBe(false);
  ticket.input(3000, 2000);
  // Three limits are used, so it takes two minutes and a little until there is room for anything.
  expect(refusalOf(ask(ADA, 1))?.retryAfterSeconds).toBe(121);
  pass(121_000);
  expect(ask(ADA, 1).ok).toBe(true);
});

test('output counts as it streams, not as max_tokens promises; running streams may go beyond, new requests wait', () => {
  const { ask, pass } = openGate('start');
  const one = ticketOf(ask());
  const two = ticketOf(ask());
  one.output(300_000);
  one.output(300_000);
  two.output(50_000);
  expect(ask().ok).toBe(true);
  two.output(300_000);
  expect(refusalOf(ask())).toMatchObject({
    limiter: 'output_tokens_per_minute',
    limit: 400_000,
    retryAfterSeconds: 31,
  });
  pass(31_000);
  expect(ask().ok).toBe(true);
});

test('the end corrects what was reckoned while streaming; an end nobody knows keeps it', () => {
  const { ask, gate } = openGate('start');
  const used = () => Object.fromEntries(gate.utilisation().map((each) => [each.limiter, each.used]));
  const one = ticketOf(ask(ADA, 1000));
  one.output(900);
  one.end({ inputTokens: 700, cacheReadTokens: 0, outputTokens: 500 });
  one.output(5000);
  expect(used()).toEqual({
    requests_per_minute: 1,
    input_tokens_per_minute_cache_aware: 700,
    output_tokens_per_minute: 500,
  });
  const two = ticketOf(ask(ADA, 1000));
  two.output(40);
  two.end(null);
  expect(used()).toEqual({
    requests_per_minute: 2,
    input_tokens_per_minute_cache_aware: 1700,
    output_tokens_per_minute: 540,
  });
});

test('every layer holds: the narrower one lowers, and never raises', () => {
  const { ask } = openGate('start', [
    ['user:user_ada', OPUS, { requests_per_minute: 5000 }],
    ['api_key:apikey_bob', OPUS, { requests_per_minute: 3 }],
  ]);
  expect(countOf(() => ask(BOB, 1), 10)).toBe(3);
  expect(countOf(() => ask(ADA, 1), 2000)).toBe(997);
});

test('a limit of a group is for each of its members, and its service keys are one member together', () => {
  const { ask } = openGate('unlimited', [['rbac_group:rbac_group_dev', ALL_MODELS.id, { requests_per_minute: 5 }]]);
  expect(countOf(() => ask(ADA), 10)).toBe(5);
  expect(countOf(() => ask({ ...ADA, keyId: 'apikey_ada_2' }), 10)).toBe(0);
  expect(countOf(() => ask(BOB), 10)).toBe(5);
  expect(countOf(() => ask(ROBOT), 3)).toBe(3);
  expect(countOf(() => ask({ ...ROBOT, keyId: 'apikey_robot_2' }), 10)).toBe(2);
});

test('a limit on all models counts them together', () => {
  const { ask } = openGate('unlimited', [['api_key:apikey_ada', ALL_MODELS.id, { requests_per_minute: 3 }]]);
  expect(
    ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-5-5', 'claude-opus-4-8'].map((name) => ask(ADA, 1, name).ok),
  ).toEqual([true, true, true, false]);
});

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
      const sets: Set[] = [
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
