import type Anthropic from '@anthropic-ai/sdk';
import { BadRequestError, NotFoundError } from '@anthropic-ai/sdk';
import { expect } from 'vitest';
import * as spend from '../../src/spend/contract.ts';
import type { Remit } from './remit.ts';

type Organization = Anthropic['organization'];

const OPUS = 'rlg_claude_opus_4';

let count = 0;
const newWorkspace = async (at: Organization): Promise<string> => {
  count += 1;
  return (await at.workspaces.create({ name: `Rates ${count}` })).id;
};

/** A call of each method of the official client about rate limits, with what its types promise. */
export const sdkRateCalls = (remit: () => Remit): Readonly<Record<string, (at: Organization) => Promise<void>>> => ({
  'rateLimits.list': async (at) => {
    await remit().call(spend.setRateTier, { body: { tier: 'build' } });
    const listed = [];
    for await (const entry of at.rateLimits.list()) listed.push(entry);
    expect(new Set(listed.map(({ group }) => group.type))).toEqual(
      new Set(['model_group', 'batch', 'token_count', 'files']),
    );
    const opus = listed.find(({ id }) => id === OPUS);
    expect(opus).toMatchObject({
      type: 'rate_limit',
      group: { type: 'model_group', id: OPUS, display_name: 'Claude Opus 4.x' },
      limits: [
        { type: 'requests_per_minute', value: 5000 },
        { type: 'input_tokens_per_minute_cache_aware', value: 5_000_000 },
        { type: 'output_tokens_per_minute', value: 1_000_000 },
      ],
    });
    expect(opus?.models).toEqual(expect.arrayContaining(['claude-opus-4-8', 'claude-opus-4-5']));
    expect((await at.rateLimits.list({ model: 'claude-opus-4-5' })).data).toEqual([opus]);
    expect((await at.rateLimits.list({ group_type: 'batch' })).data).toMatchObject([
      { models: null, limits: [{ value: 2000 }, { type: 'enqueued_batch_requests', value: 300_000 }] },
    ]);
    expect((await at.rateLimits.list({ group_type: 'skills' })).data).toEqual([]);
    await expect(at.rateLimits.list({ model: 'claude-nobody' })).rejects.toThrow(NotFoundError);
    const paged = [];
    for await (const entry of at.rateLimits.list({ limit: 2 })) paged.push(entry);
    expect(paged).toEqual(listed);
    await remit().call(spend.setRateTier, { body: { tier: 'unlimited' } });
  },
  'workspaces.rateLimits.update': async (at) => {
    const workspace_id = await newWorkspace(at);
    const set = (limits: Parameters<typeof at.workspaces.rateLimits.update>[1]['limits'], id = OPUS) =>
      at.workspaces.rateLimits.update(id, { workspace_id, limits });
    expect(
      await set([
        { type: 'requests_per_minute', value: 50 },
        { type: 'output_tokens_per_minute', value: 9_000_000 },
      ]),
    ).toMatchObject({
      type: 'workspace_rate_limit',
      rate_limit_id: OPUS,
      workspace_id,
      limits: [
        { type: 'output_tokens_per_minute', value: 9_000_000, org_limit: null, source: { type: 'workspace' } },
        { type: 'requests_per_minute', value: 50, org_limit: null, source: { type: 'workspace' } },
      ],
    });
    expect((await set([{ type: 'requests_per_minute', value: null }])).limits).toMatchObject([
      { type: 'output_tokens_per_minute' },
    ]);
    await expect(set([{ type: 'fast_otpm', value: 1 }])).rejects.toThrow(/cannot be limited by fast_otpm/);
    await expect(set([{ type: 'requests_per_minute', value: 1 }], 'rlg_nobody')).rejects.toThrow(NotFoundError);
    const [first] = (await at.workspaces.list({ include_default: true })).data.filter(({ name }) => name === 'Default');
    if (first !== undefined)
      await expect(
        at.workspaces.rateLimits.update(OPUS, {
          workspace_id: first.id,
          limits: [{ type: 'requests_per_minute', value: 1 }],
        }),
      ).rejects.toThrow(BadRequestError);
  },
  'workspaces.rateLimits.list': async (at) => {
    await remit().call(spend.setRateTier, { body: { tier: 'start' } });
    const workspace_id = await newWorkspace(at);
    expect((await at.workspaces.rateLimits.list(workspace_id)).data).toEqual([]);
    await at.workspaces.rateLimits.update(OPUS, {
      workspace_id,
      limits: [{ type: 'requests_per_minute', value: 5000 }],
    });
    const own = (await at.workspaces.rateLimits.list(workspace_id)).data;
    // A value above the organisation's is kept as it was set; the organisation's goes on holding.
    expect(own.map(({ rate_limit_id, limits }) => [rate_limit_id, limits])).toEqual([
      [OPUS, [{ type: 'requests_per_minute', value: 5000, org_limit: 1000, source: { type: 'workspace' } }]],
    ]);
    const all = (await at.workspaces.rateLimits.list(workspace_id, { include_inherited: true })).data;
    expect(all.length).toBeGreaterThan(10);
    expect(
      all.find(({ rate_limit_id }) => rate_limit_id === OPUS)?.limits.map(({ type, source }) => [type, source.type]),
    ).toEqual([
      ['requests_per_minute', 'workspace'],
      ['input_tokens_per_minute_cache_aware', 'organization'],
      ['output_tokens_per_minute', 'organization'],
    ]);
    const batches = (
      await at.workspaces.rateLimits.list(workspace_id, { include_inherited: true, group_type: 'batch' })
    ).data;
    expect(batches.map(({ group }) => group.type)).toEqual(['batch']);
    await expect(at.workspaces.rateLimits.list('wrkspc_nobody')).rejects.toThrow(NotFoundError);
    await remit().call(spend.setRateTier, { body: { tier: 'unlimited' } });
  },
});
