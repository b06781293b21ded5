import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessRoutes } from '../access/index.ts';
import { ACTIVITY_TITLES } from '../activity/contract.ts';
import { activityRoutes } from '../activity/index.ts';
import { claudeCodeRoutes } from '../claude-code/index.ts';
import { directoryRoutes } from '../directory/index.ts';
import { gatewayRoutes } from '../gateway/index.ts';
import { mcpRoutes } from '../gateway/mcp/routes.ts';
import {
  type Actor,
  ADMIN_SCOPES,
  ADMINISTRATOR_PERMISSIONS,
  mayCall,
  ORGANISATION_ROLES,
  PERMISSION_AREAS,
  type Permission,
  permissionsOfLevel,
  permissionsOfRole,
  permissionsOfScopes,
} from '../kernel/index.ts';
import type { AnyEndpoint } from '../platform/contract.ts';
import { createLog, createRouter, describeEndpoints, openTemporaryDatabase } from '../platform/index.ts';
import { noticeRoutes, priceRoutes, spendRoutes } from '../spend/index.ts';
import { ENDPOINTS } from './contract.ts';

const nameOf = ({ method, path }: Pick<AnyEndpoint, 'method' | 'path'>): string => `${method} ${path}`;

/** One of every kind of caller there is. */
const ACTORS: Readonly<Record<string, Actor>> = {
  'a visitor': { kind: 'anonymous' },
  'a service key': { kind: 'service', groupId: 'rbac_group_1', credentialId: 'apikey_1' },
  ...Object.fromEntries(
    ADMIN_SCOPES.map((scope): [string, Actor] => [
      `a key for ${scope}`,
      { kind: 'administrator', credentialId: 'apikey_1', permissions: permissionsOfScopes([scope]) },
    ]),
  ),
  'an admin key': { kind: 'administrator', credentialId: 'apikey_1', permissions: ADMINISTRATOR_PERMISSIONS },
  ...Object.fromEntries(
    ORGANISATION_ROLES.map((role): [string, Actor] => [
      `a member who is ${role}`,
      {
        kind: 'member',
        userId: 'user_1',
        email: 'ada@example.com',
        role,
        credentialId: null,
        sessionId: null,
        permissions: permissionsOfRole(role),
      },
    ]),
  ),
  // A custom role gives one level in one area, and nothing but that opens to whoever has only that role.
  ...Object.fromEntries(
    PERMISSION_AREAS.flatMap((area) => (['view', 'manage'] as const).map((level) => ({ area, level }))).map(
      ({ area, level }): [string, Actor] => [
        `a Custom member with ${area}:${level}`,
        {
          kind: 'member',
          userId: 'user_1',
          email: 'ada@example.com',
          role: 'managed',
          credentialId: null,
          sessionId: null,
          permissions: new Set<Permission>(['self', ...permissionsOfLevel(area, level)]),
        },
      ],
    ),
  ),
};

const SET_UP = 'whoever has to set up a second factor holds no permission until then; the handler asks for a session';

/** Endpoints without a permission of their own, each for a reason. */
const PUBLIC: Readonly<Record<string, string>> = {
  'GET /v1/organizations/me': 'any key may ask whose it is; the handler refuses visitors',
  'GET /v1/organizations/status': 'any key or session may ask; the handler refuses visitors',
  'GET /v1/session': 'the console asks whether somebody is signed in',
  'POST /v1/session': 'signing in',
  'DELETE /v1/session': 'signing out',
  'POST /v1/session/methods': 'the sign-in page asks; it tells nothing that depends on members',
  'GET /v1/me/security': SET_UP,
  'POST /v1/me/security/second_factor': SET_UP,
  'POST /v1/me/security/second_factor/confirm': SET_UP,
  'POST /v1/session/invite': 'the link of an invite is the credential',
  'POST /v1/session/invite/accept': 'the link of an invite is the credential',
  'POST /v1/session/link': 'a one-time link is the credential',
  'POST /v1/session/link/redeem': 'a one-time link is the credential',
};

/** Endpoints that are not a GET and yet change nothing, each for a reason. */
const CHANGES_NOTHING: Readonly<Record<string, string>> = {
  'POST /v1/session/invite': 'the token stands in the body so that no log of addresses holds it',
  'POST /v1/session/link': 'the token stands in the body so that no log of addresses holds it',
  'POST /v1/session/methods': 'an e-mail address stands in the body so that no log of addresses holds it',
  'POST /v1/organizations/model_matrix/preview': 'only says what would change',
  'POST /v1/organizations/notice_channels/:channel_id/test': 'posts a test message and stores nothing',
  'POST /v1/organizations/notice_settings/test_mail': 'sends a test message and stores nothing',
  'POST /v1/organizations/prices/preview': 'only says what a rule would change',
  'POST /v1/organizations/reratings/preview': 'only says what re-rating would change',
  'POST /v1/me/device_sign_ins/find': 'the code stands in the body so that no log of addresses holds it',
  'POST /v1/organizations/connector_tests': 'asks a server and stores nothing',
};

/** Asks an endpoint as somebody; tells the status and whether its handler was reached. */
const ask = async (endpoint: AnyEndpoint, actor: Actor) => {
  let wasReached = false;
  const handle = async () => {
    wasReached = true;
    return {};
  };
  const app = createRouter({
    routes: [{ endpoint: { ...endpoint, query: undefined, body: undefined }, handle }],
    authenticate: async () => actor,
    newRequestId: () => 'req_1',
    log: createLog('silent'),
  });
  const url = `https://remit.test${endpoint.path.replace(/:\w+/g, 'x')}`;
  const headers = endpoint.beta === undefined ? {} : { 'anthropic-beta': endpoint.beta };
  const { status } = await app.request(url, { method: endpoint.method, headers });
  return { status, wasReached };
};

describe.each(ENDPOINTS.map((endpoint) => ({ name: nameOf(endpoint), endpoint })))('$name', ({ name, endpoint }) => {
  it('lets in everybody with its permission and nobody else', async () => {
    for (const [who, actor] of Object.entries(ACTORS)) {
      const { status, wasReached } = await ask(endpoint, actor);
      const isPermitted = mayCall(actor, endpoint);
      expect([who, wasReached]).toEqual([who, isPermitted]);
      if (!isPermitted) expect([who, status]).toEqual([who, actor.kind === 'anonymous' ? 401 : 403]);
    }
  });

  it('is open to all only if it is meant to be', () => {
    expect(endpoint.permission === 'public').toBe(name in PUBLIC);
  });

  it('changes things only for those who may manage, not for those who may only look', () => {
    const looksOnly = endpoint.permission.endsWith(':view');
    const isPreview = name === 'POST /v1/organizations/model_matrix/preview';
    if (looksOnly && !isPreview) expect(endpoint.method).toBe('GET');
  });
});

describe('the contract', () => {
  it('opens changes to keys that may write, never to those that may only read', () => {
    for (const { scope, ...endpoint } of ENDPOINTS)
      if (scope?.startsWith('read:')) expect([nameOf(endpoint), endpoint.method]).toEqual([nameOf(endpoint), 'GET']);
  });

  it('names what each change records, in the words of the feed', () => {
    const words = new Set(Object.keys(ACTIVITY_TITLES));
    for (const { records, ...endpoint } of ENDPOINTS) {
      const unknown = (records ?? []).filter((type: string) => !words.has(type));
      expect([nameOf(endpoint), unknown]).toEqual([nameOf(endpoint), []]);
    }
    const silent = ENDPOINTS.filter(({ method, records }) => method !== 'GET' && records?.length === 0).map(nameOf);
    expect(silent).toEqual(Object.keys(CHANGES_NOTHING));
  });

  it('names each endpoint once', () => {
    const names = ENDPOINTS.map(nameOf);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const name of Object.keys(PUBLIC)) expect(names).toContain(name);
  });

  it('refuses unknown fields in every body', () => {
    const open = ENDPOINTS.filter(
      ({ body }) => body !== undefined && z.toJSONSchema(body, { io: 'input' }).additionalProperties !== false,
    );
    expect(open.map(nameOf)).toEqual([]);
  });

  it('is bound to an operation, all of it and nothing else', async () => {
    const database = await openTemporaryDatabase();
    // Binding only closes over what it is given; nothing of it is used before a request comes.
    const given = { database, now: Date.now } as never;
    const bound = [
      ...activityRoutes(given),
      ...directoryRoutes(given, () => ''),
      ...accessRoutes(given),
      ...spendRoutes(given),
      ...noticeRoutes(given),
      ...priceRoutes(given),
      ...claudeCodeRoutes(given),
      ...gatewayRoutes(given, { version: '', upstreams: [] }),
      ...mcpRoutes(given),
    ];
    await database.close();
    expect(bound.map(({ endpoint }) => nameOf(endpoint)).sort()).toEqual(ENDPOINTS.map(nameOf).sort());
  });
});

type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Record<string, unknown>;
  }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: unknown }> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content: Record<string, { readonly schema: unknown }> }
  >;
  readonly security?: readonly unknown[];
};

describe('the OpenAPI document', () => {
  // As it is sent: what JSON cannot hold is not in it.
  const document = JSON.parse(JSON.stringify(describeEndpoints(ENDPOINTS, '1.2.3')));
  const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  it('is one of OpenAPI 3.1 with every endpoint', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Remit', version: '1.2.3' } });
    const described = operations.map(
      ({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(described.sort()).toEqual(ENDPOINTS.map(nameOf).sort());
  });

  it('gives each operation an id of its own that can be a function name', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it('declares every parameter of a path, once and as required, and none that is not in it', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((one) => one.in === 'path');
      expect([path, declared.map(({ name }) => name)]).toEqual([path, inPath]);
      expect(declared.every(({ required }) => required)).toBe(true);
      const names = operation.parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('writes list parameters with brackets and asks for no parameter that has a default', () => {
    const query = operations.flatMap(({ operation }) => operation.parameters.filter((one) => one.in === 'query'));
    expect(query.filter(({ required }) => required)).toEqual([]);
    expect(query.find(({ name }) => name === 'roles[]')?.schema).toMatchObject({ type: 'array' });
    const limits = query.filter(({ name }) => name === 'limit').map(({ schema }) => schema.maximum);
    expect(new Set(limits)).toEqual(new Set([1000, 5000]));
    for (const { name, schema } of query) expect([name, Object.keys(schema).length > 0]).toEqual([name, true]);
  });

  it('has a schema for every body and reply, and refers to nothing that is not in it', () => {
    for (const { path, operation } of operations) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map(({ content }) => content),
      ];
      for (const content of contents) {
        if (content === undefined) continue;
        const schema = Object.values(content)[0]?.schema as Record<string, unknown> | undefined;
        expect([path, Object.keys(schema ?? {}).length > 0]).toEqual([path, true]);
      }
    }
    for (const [, pointer = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(pointer).toMatch(/^#\//);
      const target = pointer
        .slice(2)
        .split('/')
        .reduce((node: unknown, key) => (node as Record<string, unknown> | undefined)?.[key], document);
      expect([pointer, target !== undefined]).toEqual([pointer, true]);
    }
  });

  it('asks for a key everywhere but at the public endpoints', () => {
    expect(document.security).toEqual([{ apiKey: [] }, { bearer: [] }]);
    for (const { path, method, operation } of operations) {
      const name = `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
      expect([name, operation.security]).toEqual([name, name in PUBLIC ? [] : undefined]);
    }
  });
});
