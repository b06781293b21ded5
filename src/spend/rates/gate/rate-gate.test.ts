import { expect, test } from 'vitest';
import { ALL_MODELS } from '../rules/pools.ts';
import { ADA, BOB, countOf, OPUS, openGate, ROBOT, refusalOf, ticketOf } from '../testing/open-gate.ts';

test('where nothing is set, nothing is limited and no headers are sent', () => {
  const { ask } = openGate('unlimited');
  expect(countOf(() => ask(ADA, 100_000_000), 20_000)).toBe(20_000);
  expect(ticketOf(ask()).lines()).toBe('');
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
