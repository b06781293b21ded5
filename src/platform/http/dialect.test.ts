import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Actor, ADMINISTRATOR_PERMISSIONS, type AdminScope, permissionsOfScopes } from '../../kernel/index.ts';
import { createLog } from '../log.ts';
import { type AnyEndpoint, endpoint } from './endpoint.ts';
import { createRouter, route } from './router.ts';

const Thing = z.object({ id: z.string(), role_ids: z.array(z.string()), roles: z.array(z.string()) });
const thing = { id: 't', role_ids: ['r'], roles: ['r'] };

const show = endpoint({
  method: 'GET',
  path: '/v1/things/:thing_id',
  permission: 'identity:view',
  scope: 'read:rbac_groups',
  summary: 'Show a thing',
  dropped: ['roles'],
  reply: Thing,
});
const list = endpoint({ ...show, path: '/v1/things', reply: z.object({ data: z.array(Thing) }) });
const early: AnyEndpoint = { ...show, path: '/v1/early', beta: 'webhooks-2026-10-07' };
const unscoped: AnyEndpoint = { ...show, path: '/v1/unscoped', scope: undefined };

const ADMINISTRATOR: Actor = {
  kind: 'administrator',
  credentialId: 'apikey_1',
  permissions: ADMINISTRATOR_PERMISSIONS,
};
const scoped = (...scopes: readonly AdminScope[]): Actor => ({
  ...ADMINISTRATOR,
  permissions: permissionsOfScopes(scopes),
});

const open = (actor: Actor = ADMINISTRATOR) => {
  let handled = 0;
  const answer = <T>(reply: T) => {
    handled += 1;
    return Promise.resolve(reply);
  };
  const app = createRouter({
    routes: [
      route(show, () => answer(thing)),
      route(list, () => answer({ data: [thing] })),
      route(early, () => answer(thing)),
      route(unscoped, () => answer(thing)),
    ],
    authenticate: async () => actor,
    newRequestId: () => 'req_1',
    organizationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
    explainMissing: (method, path) => (path === '/v1/later' ? `${method} ${path} comes later.` : undefined),
    log: createLog('silent'),
  });
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await app.request(`https://remit.test${path}`, { headers });
    const body = (await response.json()) as Record<string, unknown> & { error?: { message: string; details?: object } };
    return { status: response.status, headers: response.headers, body, message: body.error?.message };
  };
  return { get, handled: () => handled };
};

describe('a version', () => {
  it.each<Record<string, string>>([{}, { 'anthropic-version': '2023-06-01' }, { 'anthropic-version': '' }])(
    'that is the older one or not named gets the old and the new fields (%j)',
    async (headers) => {
      const { get } = open();
      expect((await get('/v1/things/t', headers)).body).toEqual(thing);
      expect((await get('/v1/things', headers)).body).toEqual({ data: [thing] });
    },
  );

  it('that is the newer one gets no field that it dropped', async () => {
    const { get } = open();
    const headers = { 'anthropic-version': '2026-10-21' };
    const { roles: _, ...rest } = thing;
    expect((await get('/v1/things/t', headers)).body).toEqual(rest);
    expect((await get('/v1/things', headers)).body).toEqual({ data: [rest] });
  });

  it('that nobody knows is refused by name, and nothing is done', async () => {
    const { get, handled } = open();
    const got = await get('/v1/things/t', { 'anthropic-version': '2031-01-01' });
    expect([got.status, got.message]).toEqual([400, expect.stringContaining('anthropic-version: "2031-01-01"')]);
    expect(handled()).toBe(0);
  });
});

describe('a beta', () => {
  const BETA = 'webhooks-2026-10-07';

  it('is the only way to what belongs to it; without it there is nothing there', async () => {
    const { get, handled } = open();
    expect(await get('/v1/early')).toMatchObject({ status: 404, message: 'Not found' });
    expect(handled()).toBe(0);
    expect((await get('/v1/early', { 'anthropic-beta': `pdfs-2024-09-25, ${BETA}` })).status).toBe(200);
  });

  it('that nobody knows is refused by name, also among others', async () => {
    const { get, handled } = open();
    const got = await get('/v1/things/t', { 'anthropic-beta': `${BETA},unheard-of-2030-01-01` });
    expect([got.status, got.message]).toEqual([
      400,
      expect.stringContaining('anthropic-beta: "unheard-of-2030-01-01"'),
    ]);
    expect(handled()).toBe(0);
  });
});

describe('a scoped admin key', () => {
  it('reaches what names one of its scopes', async () => {
    expect((await open(scoped('read:members', 'read:rbac_groups')).get('/v1/things/t')).status).toBe(200);
  });

  it('is told which scopes it has and which it needs', async () => {
    const { get, handled } = open(scoped('read:members', 'write:rbac_groups'));
    const got = await get('/v1/things/t');
    expect(got.status).toBe(403);
    expect(got.message).toBe(
      'This admin key has the scopes read:members, write:rbac_groups. This needs read:rbac_groups.',
    );
    expect(got.body.error?.details).toEqual({
      error_code: 'api_key_scope_missing',
      scopes_held: ['read:members', 'write:rbac_groups'],
      scopes_needed: ['read:rbac_groups'],
    });
    expect(handled()).toBe(0);
  });

  it('reaches nothing that names no scope', async () => {
    const { get, handled } = open(scoped('read:rbac_groups', 'write:rbac_groups'));
    expect((await get('/v1/unscoped')).status).toBe(403);
    expect(handled()).toBe(0);
  });
});

describe('every answer', () => {
  it('names the organisation once the caller is known, also a refusal, and not to strangers', async () => {
    const name = 'anthropic-organization-id';
    const { get } = open();
    expect((await get('/v1/things/t')).headers.get(name)).toMatch(/^[0-9a-f-]{36}$/);
    expect((await get('/v1/early')).headers.get(name)).toMatch(/^[0-9a-f-]{36}$/);
    expect((await open({ kind: 'anonymous' }).get('/v1/things/t')).headers.get(name)).toBeNull();
  });

  it('that is a refusal says that trying again does not help', async () => {
    const { get } = open();
    expect((await get('/v1/early')).headers.get('x-should-retry')).toBe('false');
    expect((await get('/v1/nothing')).headers.get('x-should-retry')).toBe('false');
  });

  it('for a path that is expected here and not served says why', async () => {
    const { get } = open();
    expect(await get('/v1/later')).toMatchObject({ status: 404, message: 'GET /v1/later comes later.' });
  });
});
