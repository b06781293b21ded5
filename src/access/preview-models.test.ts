import { afterEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { createGroup } from '../directory/groups/change-group.ts';
import { addGroupMember, attachGroupRole } from '../directory/groups/change-membership.ts';
import { BY_TEST } from '../directory/testing/open-directory.ts';
import { packWanted, readRecordedRequests } from './decision-log.ts';
import type { Policy } from './policy.ts';
import { previewModels } from './preview-models.ts';
import { insertRequests } from './requests/insert-requests.ts';
import type { RequestRow } from './requests/tables.ts';
import { BRINGS_NOTHING, type Wanted } from './rules/types.ts';
import { type Access, OPUS, openAccess, SONNET } from './testing/open-access.ts';

const DAY_MS = 24 * 3600 * 1000;

const wants = (model: string, more: Partial<Wanted> = {}): Wanted => ({
  model,
  effort: undefined,
  messageEfforts: [],
  thinkingBudget: null,
  fallbackModels: [],
  ...BRINGS_NOTHING,
  ...more,
});

const rowOf = (id: string, wanted: Wanted, more: Partial<RequestRow>): RequestRow => ({
  id,
  started_at: 0,
  node: 'n',
  endpoint: 'messages',
  user_id: null,
  group_id: null,
  api_key_id: 'apikey_1',
  client: null,
  session_id: null,
  agent_id: null,
  parent_agent_id: null,
  stream: 0,
  body_bytes: 1,
  effect: 'allow',
  reason: null,
  model_asked: wanted.model,
  model_used: wanted.model,
  model_id: wanted.model,
  effort_asked: null,
  effort_used: null,
  effort_cap: null,
  policy_version: 1,
  findings: '[]',
  wanted: packWanted(wanted),
  workspace_id: null,
  ...more,
});

const record = ({ database, deps }: Access, wanted: Wanted, more: Partial<RequestRow>, times = 1): Promise<void> =>
  insertRequests(
    database,
    Array.from({ length: times }, () => rowOf(deps.newId('request'), wanted, more)),
  );

forEachDatabase((_engine, open) => {
  const opened: Policy[] = [];
  afterEach(async () => {
    for (const policy of opened.splice(0)) await policy.close();
  });
  const start = async () => {
    const access = await openAccess(await open());
    opened.push(access.policy);
    return access;
  };

  it('replays requests that were recorded before capabilities were, and those that brought some', async () => {
    const access = await start();
    const bob = await access.add('bob', 'user');
    const brings = {
      product: 'claude_code',
      capabilities: ['web_search'],
      servers: [{ name: 'x', url: 'https://x.example', tools: ['a'], except: [] }],
      tools: [{ server: 'x', tool: 'y' }],
    } as const;
    await record(access, wants(OPUS), { user_id: bob.id, wanted: JSON.stringify({ m: OPUS, e: 'high' }) });
    await record(access, wants(OPUS, brings), { user_id: bob.id });
    const { recorded } = await readRecordedRequests(access.database, 0);
    expect(recorded.map(({ wanted }) => wanted)).toEqual(
      expect.arrayContaining([wants(OPUS, { effort: 'high' }), wants(OPUS, brings)]),
    );
    const preview = await previewModels(access.access)([{ kind: 'organisation-model', model: OPUS, enabled: false }]);
    expect(preview.requests).toMatchObject({ total: 2, newly_denied: 2 });
  });

  it('counts who gains and loses, and the requests of 30 days that would be refused or lowered, and saves nothing', async () => {
    const access = await start();
    const { add, deps, role, change, store, clock, policy } = access;
    const opusRole = await role('Opus');
    const group = await createGroup(deps)('Builders', BY_TEST);
    await attachGroupRole(deps)(group.id, opusRole.id, BY_TEST);
    const bound = await add('bound', 'managed');
    const free = await add('free');
    await addGroupMember(deps)(group.id, bound.id, BY_TEST);
    await change({ kind: 'role-model', role: opusRole.id, model: OPUS, maxEffort: 'high' });

    await record(access, wants(OPUS, { effort: 'low' }), { user_id: bound.id }, 40);
    clock.ms += 31 * DAY_MS;
    await record(access, wants(OPUS, { effort: 'high' }), { user_id: bound.id }, 3);
    await record(access, wants(OPUS, { effort: 'low' }), { user_id: bound.id }, 2);
    await record(access, wants(OPUS), { group_id: group.id, endpoint: 'batch_item' }, 5);
    await record(access, wants(SONNET), { user_id: free.id }, 7);
    await record(access, wants(OPUS), { user_id: free.id, endpoint: 'count_tokens' }, 11);
    await record(access, wants(OPUS), { user_id: 'user_gone' }, 13);
    const [version, before] = [policy.current().version, await store.readOrganisation()];

    const capped = await previewModels(access.access)([
      { kind: 'organisation-model', model: OPUS, maxEffort: 'medium' },
    ]);
    expect(capped.members).toMatchObject({
      gaining: 0,
      losing: 2,
      per_model: [{ model: OPUS, gained: 0, lost: 0, cap_lowered: 2, cap_raised: 0 }],
    });
    expect(capped.requests).toEqual({
      days: 30,
      total: 17,
      newly_denied: 0,
      newly_clamped: 3,
      newly_allowed: 0,
      truncated: false,
    });
    expect(capped.rewritten).toEqual([expect.stringContaining('“Opus”')]);

    const closed = await previewModels(access.access)([
      { kind: 'role-model', role: opusRole.id, model: OPUS, enabled: false },
    ]);
    expect(closed.members).toMatchObject({ gaining: 0, losing: 1 });
    expect(closed.requests).toMatchObject({ total: 17, newly_denied: 10, newly_clamped: 0 });

    expect(await store.readOrganisation()).toEqual(before);
    await policy.refresh();
    expect(policy.current().version).toBe(version);
  });

  it('counts members who were added just now', async () => {
    const { access, add } = await start();
    await add('ada');
    const preview = await previewModels(access)([{ kind: 'organisation-model', model: OPUS, enabled: false }]);
    expect(preview.members.losing).toBe(1);
  });

  it('refuses edits that could not be saved either', async () => {
    const { access } = await start();
    const impossible = previewModels(access)([{ kind: 'organisation-model', model: 'nonsense', enabled: true }]);
    await expect(impossible).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gathers requests that wanted the same, and gives back what was recorded of them whole', async () => {
    const access = await start();
    const everything = wants('opus', {
      effort: null,
      messageEfforts: ['low', null, 'new-level'],
      thinkingBudget: 32_000,
      fallbackModels: [SONNET, 'default'],
    });
    await record(access, everything, { user_id: 'user_1' }, 2);
    await record(access, wants('opus'), { user_id: 'user_1' });
    const { recorded, truncated } = await readRecordedRequests(access.database, 0);
    expect(truncated).toBe(false);
    expect(recorded).toEqual([
      { userId: 'user_1', groupId: null, wanted: everything, count: 2 },
      { userId: 'user_1', groupId: null, wanted: wants('opus'), count: 1 },
    ]);
  });

  it('counts the same however few requests are counted at a time', async () => {
    const access = await start();
    for (const [user_id, model, times] of [
      ['user_1', OPUS, 3],
      ['user_2', OPUS, 2],
      ['user_1', SONNET, 4],
      ['user_1', OPUS, 5],
    ] as const) {
      await record(access, wants(model), { user_id }, times);
      access.clock.ms += 1;
    }
    const { recorded } = await readRecordedRequests(access.database, 0);
    expect(recorded.map(({ userId, wanted, count }) => [userId, wanted.model, count])).toEqual([
      ['user_1', OPUS, 8],
      ['user_1', SONNET, 4],
      ['user_2', OPUS, 2],
    ]);
    for (const stretch of [1, 3, 7, 14]) {
      const counted = await readRecordedRequests(access.database, 0, stretch);
      expect(counted.recorded).toEqual(recorded);
    }
  });
});
