import { describe, expect, it, onTestFinished } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { createApiKey } from '../../directory/api-keys/create-api-key.ts';
import { deleteGroup } from '../../directory/groups/change-group.ts';
import { removeMember } from '../../directory/members/remove-member.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { archiveWorkspace, createWorkspace } from '../../directory/workspaces/change-workspace.ts';
import { createLog } from '../../platform/index.ts';
import { openSpend } from '../testing/open-spend.ts';
import { openRatePolicy } from './rate-policy.ts';

const OPUS = 'rlg_claude_opus_5';

const stage = async (open: OpenDatabase) => {
  const at = await openSpend(await open());
  onTestFinished(() => at.spendPolicy.close());
  const owner = await at.consoleOf(await at.add('owner', 'primary_owner'));
  const call = (line: string, body?: unknown) =>
    at.send(line, { headers: owner, ...(body === undefined ? {} : { body }) });
  return { at, call };
};

const recorded = async ({ at }: Awaited<ReturnType<typeof stage>>): Promise<readonly Record<string, unknown>[]> => {
  const rows = await at.database
    .tables<{ activities: { id: string; type: string; fields: string } }>()
    .selectFrom('activities')
    .select(['type', 'fields'])
    .orderBy('id')
    .execute();
  return rows
    .filter(({ type }) => type.includes('rate'))
    .map(({ type, fields }) => ({ type, ...(JSON.parse(fields) as Record<string, unknown>) }));
};

forEachDatabase((_engine, open) => {
  describe('the tier', () => {
    it('is unlimited until somebody chooses one, and holds as soon as that is answered', async () => {
      const { at, call } = await stage(open);
      expect((await call('GET /v1/organizations/rate_tier')).body).toMatchObject({
        tier: 'unlimited',
        monthly_spend_cap: null,
      });
      const ask = { kind: 'messages', modelId: 'claude-opus-5', inputTokens: 3_000_000, caller: CALLER } as const;
      expect(at.rates.gate.take(ask).ok).toBe(true);
      const set = await call('POST /v1/organizations/rate_tier', { tier: 'start' });
      expect(set.body).toMatchObject({ tier: 'start', next_tier: 'build', monthly_spend_cap: '50000' });
      const answer = at.rates.gate.take(ask);
      expect(answer.ok && answer.ticket.lines()).toContain('anthropic-ratelimit-requests-limit');
    });

    it('shows what every tier would give', async () => {
      const { call } = await stage(open);
      const { tiers } = (await call('GET /v1/organizations/rate_tier')).body as {
        tiers: { tier: string; limits: { rate_limit_id: string; limits: unknown }[] }[];
      };
      const opus = tiers.map(({ tier, limits }) => [
        tier,
        limits.find(({ rate_limit_id }) => rate_limit_id === OPUS)?.limits,
      ]);
      expect(opus).toMatchObject([
        ['unlimited', []],
        ['start', [{ type: 'requests_per_minute', value: 1000 }, {}, {}]],
        ['build', [{ type: 'requests_per_minute', value: 5000 }, {}, {}]],
        ['scale', [{ type: 'requests_per_minute', value: 10_000 }, {}, {}]],
        ['custom', [{ type: 'requests_per_minute', value: 10_000 }, {}, {}]],
      ]);
    });

    it('has numbers of its own only as custom, and goes back to those of scale when they are cleared', async () => {
      const { call } = await stage(open);
      const set = (value: number | null) =>
        call(`POST /v1/organizations/rate_limits/${OPUS}`, { limits: [{ type: 'requests_per_minute', value }] });
      expect(await set(7)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining('custom') } },
      });
      await call('POST /v1/organizations/rate_tier', { tier: 'custom' });
      expect((await set(7)).body).toMatchObject({ limits: [{ type: 'requests_per_minute', value: 7 }, {}, {}] });
      expect((await set(null)).body).toMatchObject({
        limits: [{ type: 'requests_per_minute', value: 10_000 }, {}, {}],
      });
    });
  });

  describe('a limit of somebody', () => {
    it('is set and cleared for members, groups, keys and workspaces, and listed with whose it is', async () => {
      const { at, call } = await stage(open);
      const ada = await at.add('ada');
      const group = await at.group('Developers', ada);
      const { id: workspace_id } = await createWorkspace(at.deps)({ name: 'Lab' }, BY_TEST);
      const set = (scope: object, value: number | null, rate_limit_id = 'rlg_all_models') =>
        call('POST /v1/organizations/rate_limit_overrides', {
          scope,
          rate_limit_id,
          limits: [{ type: 'requests_per_minute', value }],
        });
      expect((await set({ type: 'user', user_id: ada.id }, 5)).body).toMatchObject({
        scope: { type: 'user', user_id: ada.id },
        name: 'ada',
        group: { display_name: 'All models' },
        limits: [{ type: 'requests_per_minute', value: 5, org_limit: null }],
      });
      await set({ type: 'rbac_group', rbac_group_id: group }, 50, OPUS);
      await set({ type: 'workspace', workspace_id }, 20, OPUS);
      const list = async (query = '') =>
        (
          (await call(`GET /v1/organizations/rate_limit_overrides${query}`)).body.data as {
            scope: { type: string };
            name: string;
          }[]
        ).map(({ scope, name }) => [scope.type, name]);
      expect(await list()).toEqual([
        ['workspace', 'Lab'],
        ['rbac_group', 'Developers'],
        ['user', 'ada'],
      ]);
      expect(await list(`?scope_type=user&scope_id=${ada.id}`)).toEqual([['user', 'ada']]);
      await set({ type: 'user', user_id: ada.id }, null);
      expect(await list('?scope_type=user')).toEqual([]);
    });

    it('is listed no more once that is gone for good', async () => {
      const { at, call } = await stage(open);
      const ada = await at.add('ada');
      const group = await at.group('Developers');
      const { id: workspace_id } = await createWorkspace(at.deps)({ name: 'Lab' }, BY_TEST);
      const wanted = { name: 'ci', owner: { groupId: group }, expiresAt: null };
      const api_key_id = (await createApiKey(at.deps)(wanted, BY_TEST)).key.id;
      for (const scope of [
        { type: 'user', user_id: ada.id },
        { type: 'rbac_group', rbac_group_id: group },
        { type: 'workspace', workspace_id },
        { type: 'api_key', api_key_id },
      ])
        await call('POST /v1/organizations/rate_limit_overrides', {
          scope,
          rate_limit_id: OPUS,
          limits: [{ type: 'requests_per_minute', value: 5 }],
        });
      const listed = async () => {
        await at.spend.policy.refresh();
        const { data } = (await call('GET /v1/organizations/rate_limit_overrides')).body;
        return (data as { scope: { type: string } }[]).map(({ scope }) => scope.type);
      };
      expect(await listed()).toEqual(['workspace', 'rbac_group', 'user', 'api_key']);
      await archiveWorkspace(at.deps)(workspace_id, BY_TEST);
      await removeMember(at.deps)(ada.id, BY_TEST);
      expect(await listed()).toEqual(['rbac_group', 'api_key']);
      await deleteGroup(at.deps)(group, BY_TEST);
      expect(await listed()).toEqual([]);
    });

    it('is refused for nobody, for the default workspace, for a limiter a part of the API has not, and said twice', async () => {
      const { at, call } = await stage(open);
      const ada = await at.add('ada');
      const status = async (scope: object, rate_limit_id: string, ...types: string[]) =>
        (
          await call('POST /v1/organizations/rate_limit_overrides', {
            scope,
            rate_limit_id,
            limits: types.map((type) => ({ type, value: 1 })),
          })
        ).status;
      const user = { type: 'user', user_id: ada.id };
      expect(await status({ type: 'user', user_id: 'user_nobody' }, OPUS, 'requests_per_minute')).toBe(404);
      expect(await status(user, 'rlg_nobody', 'requests_per_minute')).toBe(404);
      expect(await status(user, 'rlg_batch', 'output_tokens_per_minute')).toBe(400);
      expect(await status(user, OPUS, 'tool_uses_per_second')).toBe(400);
      expect(await status(user, OPUS, 'requests_per_minute', 'requests_per_minute')).toBe(400);
      const workspace = await at.database
        .tables<{ workspaces: { id: string; is_default: number } }>()
        .selectFrom('workspaces')
        .select('id')
        .where('is_default', '=', 1)
        .executeTakeFirstOrThrow();
      const inDefault = { type: 'workspace', workspace_id: workspace.id };
      expect(await status(inDefault, OPUS, 'requests_per_minute')).toBe(400);
      expect(await status(inDefault, 'rlg_all_models', 'requests_per_minute')).toBe(404);
      expect((await call('GET /v1/organizations/rate_limit_overrides')).body.data).toEqual([]);
    });

    it('is changed by those who manage billing only', async () => {
      const { at } = await stage(open);
      const headers = await at.consoleOf(await at.add('ada'));
      const asked = await at.send('POST /v1/organizations/rate_tier', { headers, body: { tier: 'start' } });
      expect(asked.status).toBe(403);
      expect(at.rates.rules().tier).toBe('unlimited');
    });
  });

  it('what is changed is recorded once, and what changes nothing is not', async () => {
    const on = await stage(open);
    const { at, call } = on;
    const ada = await at.add('ada');
    const { id: workspace_id } = await createWorkspace(at.deps)({ name: 'Lab' }, BY_TEST);
    for (let twice = 0; twice < 2; twice++) {
      await call('POST /v1/organizations/rate_tier', { tier: 'build' });
      await call(`POST /v1/organizations/workspaces/${workspace_id}/rate_limits/${OPUS}`, {
        limits: [{ type: 'requests_per_minute', value: 5 }],
      });
      await call('POST /v1/organizations/rate_limit_overrides', {
        scope: { type: 'user', user_id: ada.id },
        rate_limit_id: 'rlg_all_models',
        limits: [{ type: 'tokens_per_day', value: 1_000_000 }],
      });
    }
    await call(`POST /v1/organizations/workspaces/${workspace_id}/rate_limits/${OPUS}`, {
      limits: [{ type: 'requests_per_minute', value: null }],
    });
    const limited = { model_group: 'Claude Opus 5', limiter_type: 'requests_per_minute', workspace_id };
    expect(await recorded(on)).toMatchObject([
      {
        type: 'remit_rate_tier_updated',
        updates: [{ type: 'rate_tier', previous_value: 'unlimited', current_value: 'build' }],
      },
      { type: 'platform_workspace_rate_limit_updated', ...limited, value: 5 },
      {
        type: 'remit_rate_limit_updated',
        limit_type: 'user',
        scope_id: ada.id,
        limiter_type: 'tokens_per_day',
        value: 1_000_000,
      },
      { type: 'platform_workspace_rate_limit_deleted', ...limited },
    ]);
  });

  it('usage is shown per limiter, with a hint when half of one was used', async () => {
    const { at, call } = await stage(open);
    await call('POST /v1/organizations/rate_tier', { tier: 'start' });
    expect((await call('GET /v1/organizations/rate_usage')).body).toMatchObject({ tier: 'start', hint: null });
    at.rates.gate.take({ kind: 'messages', modelId: 'claude-opus-5', inputTokens: 1_200_000, caller: CALLER });
    const { data, hint } = (await call('GET /v1/organizations/rate_usage')).body as {
      data: { rate_limit_id: string; limits: object[] }[];
      hint: object;
    };
    expect(data.find(({ rate_limit_id }) => rate_limit_id === OPUS)?.limits).toMatchObject([
      { type: 'requests_per_minute', value: 1000, used: 1 },
      { type: 'input_tokens_per_minute_cache_aware', value: 2_000_000, peak_utilization: 0.6 },
      { type: 'output_tokens_per_minute', used: 0 },
    ]);
    expect(hint).toMatchObject({
      rate_limit_id: OPUS,
      limiter: 'input_tokens_per_minute_cache_aware',
      next_tier: 'build',
    });
  });

  it('a second reader of the database has what was set as soon as it has asked', async () => {
    const { at, call } = await stage(open);
    let changes = 0;
    const other = await openRatePolicy({
      database: at.database,
      log: createLog('silent'),
      changed: () => {
        changes += 1;
      },
    });
    onTestFinished(() => other.close());
    await call('POST /v1/organizations/rate_tier', { tier: 'scale' });
    await other.refresh();
    expect(other.current().tier).toBe('scale');
    expect(changes).toBe(1);
    await at.add('somebody');
    await other.refresh();
    expect(changes).toBe(1);
  });
});

const CALLER = { keyId: 'apikey_1', userId: 'user_1', groupId: null, workspaceId: null };
