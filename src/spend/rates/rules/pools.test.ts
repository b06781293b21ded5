import { expect, test } from 'vitest';
import { CATALOGUE } from '../../../access/index.ts';
import { indexPools, type PooledModel } from './pools.ts';
import { limitsOfTier, monthlyCapOf, nextTier } from './tiers.ts';

const model = (id: string, line: string | null = null, aliases: readonly string[] = []): PooledModel => ({
  id,
  aliases,
  displayName: id,
  line,
});

const shipped = indexPools(CATALOGUE);

test('every model of the catalogue, and every alias, is in exactly one pool', () => {
  const names = CATALOGUE.flatMap(({ id, aliases }) => [id, ...aliases]);
  const pooled = shipped.pools.flatMap(({ models }) => models);
  expect(pooled.toSorted()).toEqual(names.toSorted());
});

test.each([
  ['claude-fable-5', 'rlg_claude_fable_5'],
  ['claude-fable-5-1', 'rlg_claude_fable_5'],
  ['claude-fable-5-2', 'rlg_claude_fable_5_2'],
  ['claude-mythos-5-2', 'rlg_claude_mythos'],
  ['claude-mythos-preview', 'rlg_claude_mythos'],
  ['claude-opus-5-5', 'rlg_claude_opus_5_5'],
  ['claude-opus-5', 'rlg_claude_opus_5'],
  ['claude-opus-4-8', 'rlg_claude_opus_4'],
  ['claude-opus-4-5-20251101', 'rlg_claude_opus_4'],
  ['claude-opus-4-5', 'rlg_claude_opus_4'],
  ['claude-sonnet-5-5', 'rlg_claude_sonnet_5_5'],
  ['claude-sonnet-4-6', 'rlg_claude_sonnet_4'],
  ['claude-haiku-5-5', 'rlg_claude_haiku_5_5'],
  ['claude-haiku-4-5', 'rlg_claude_haiku_4_5'],
])('%s is limited with %s', (name, pool) => {
  expect(shipped.named(name)?.id).toBe(pool);
});

test('a new model of a known family has a pool of its own, with the numbers of its family', () => {
  const pools = indexPools([model('claude-fable-6', 'fable'), model('claude-opus-5-7', 'opus'), ...CATALOGUE]);
  expect(pools.ofModel('claude-fable-6')).toMatchObject({ id: 'rlg_claude_fable_6', class: 'frontier' });
  expect(pools.ofModel('claude-opus-5-7')).toMatchObject({ id: 'rlg_claude_opus_5_7', class: 'standard' });
  expect(pools.ofModel('claude-opus-5').models).toEqual(['claude-opus-5']);
});

test('models of no family share a pool, and so does what nobody knows', () => {
  const pools = indexPools([model('llama-local'), model('mistral-local'), ...CATALOGUE]);
  expect(pools.ofModel('llama-local').models).toEqual(['llama-local', 'mistral-local']);
  for (const name of ['mistral-local', 'nobody-knows', null]) expect(pools.ofModel(name).id).toBe('rlg_other_models');
});

test.each([
  ['start', 'standard', [1000, 2_000_000, 400_000]],
  ['build', 'standard', [5000, 5_000_000, 1_000_000]],
  ['scale', 'standard', [10_000, 10_000_000, 2_000_000]],
  ['start', 'frontier', [1000, 500_000, 100_000]],
  ['build', 'frontier', [2000, 1_500_000, 300_000]],
  ['scale', 'frontier', [4000, 4_000_000, 800_000]],
] as const)('the tier %s gives %s models %j', (tier, poolClass, numbers) => {
  expect(limitsOfTier(tier, poolClass, undefined)).toEqual({
    requests_per_minute: numbers[0],
    input_tokens_per_minute_cache_aware: numbers[1],
    output_tokens_per_minute: numbers[2],
  });
});

test('custom numbers stand on those of scale; other tiers do not heed them; unlimited limits nothing', () => {
  const own = { requests_per_minute: 50_000 };
  expect(limitsOfTier('custom', 'batch', own)).toEqual({
    requests_per_minute: 50_000,
    enqueued_batch_requests: 500_000,
  });
  expect(limitsOfTier('start', 'batch', own)).toEqual({ requests_per_minute: 1000, enqueued_batch_requests: 200_000 });
  expect(limitsOfTier('unlimited', 'standard', own)).toEqual({});
});

test('each tier has its monthly cap and the tier above it', () => {
  expect(
    (['unlimited', 'start', 'build', 'scale', 'custom'] as const).map((tier) => [monthlyCapOf(tier), nextTier(tier)]),
  ).toEqual([
    [null, null],
    [500_000_000, 'build'],
    [1_000_000_000, 'scale'],
    [200_000_000_000, 'custom'],
    [null, null],
  ]);
});
