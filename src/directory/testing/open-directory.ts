import { activityMigrations, createRecordActivity } from '../../activity/index.ts';
import {
  type Actor,
  ADMINISTRATOR_PERMISSIONS,
  bySystem,
  createNewId,
  type Doer,
  type OrganisationRole,
  permissionsOfRole,
} from '../../kernel/index.ts';
import {
  createLog,
  createRandomBytes,
  createRouter,
  createSecretBox,
  type Database,
  type Migration,
  migrate,
} from '../../platform/index.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import type { DirectoryDeps } from '../deps.ts';
import { NO_LIMITS } from '../limits.ts';
import { addMember } from '../members/add-member.ts';
import type { Member } from '../members/store.ts';
import { directoryMigrations } from '../migrations.ts';
import { createChangePolicy } from '../policy-changes.ts';
import { directoryRoutes } from '../routes.ts';
import { createAuthenticate } from '../sign-in/authenticate.ts';
import { openSession } from '../sign-in/sessions/open-session.ts';

/** Who does what a test does without saying who. */
export const BY_TEST = bySystem('test');

/** An actor as the cause of a change. */
export const by = (who: Actor): Doer => ({ who, requestId: null, ipAddress: null, userAgent: null });

/** An admin key, which may do everything. */
export const BY_ADMIN = by({
  kind: 'administrator',
  credentialId: 'apikey_1',
  permissions: ADMINISTRATOR_PERMISSIONS,
});

/** A member signed in to the console, as the cause of a change. */
export const inPerson = ({ id, email, role }: Pick<Member, 'id' | 'email' | 'role'>): Doer =>
  by({
    kind: 'member',
    userId: id,
    email,
    role,
    credentialId: null,
    sessionId: 'sesn_1',
    permissions: permissionsOfRole(role),
  });

/** An owner signed in to the console, whom the directory does not know. */
export const BY_OWNER = inPerson({ id: 'user_an_owner', email: 'owner@example.org', role: 'owner' });
/** The headers the console sends with a session's secret. */
export const fromConsole = (secret: string) => ({
  cookie: `__Host-remit_session=${secret}`,
  origin: 'https://remit.test',
  'remit-console': 'active',
});

/** What a test sends: a key, headers and a body, each only if it matters. */
export type Sent = {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** An answer, with its body parsed. */
export type Got = { readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers };

/** Sends a request to an application without a socket. */
export const send = async (
  app: { request(url: string, init: RequestInit): Response | Promise<Response> },
  line: string,
  { key, headers, body }: Sent = {},
): Promise<Got> => {
  const [method = 'GET', path = '/'] = line.split(' ');
  const response = await app.request(`https://remit.test${path}`, {
    method,
    headers: {
      host: 'remit.test',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Got['body'], headers: response.headers };
};

/**
 * The directory on an empty database, with the migrations of rooms that stand on it. Its clock moves on by a millisecond
 * at each look, so that ids come in order.
 */
export const openDirectory = async (database: Database, furtherMigrations: readonly Migration[] = []) => {
  await migrate(database, [...activityMigrations, ...directoryMigrations, ...furtherMigrations]);
  const clock = { ms: Date.UTC(2026, 10, 2) };
  const now = (): number => {
    clock.ms += 1;
    return clock.ms;
  };
  const newId = createNewId(now, createRandomBytes());
  const deps: DirectoryDeps = {
    database,
    changePolicy: createChangePolicy(database, now),
    record: createRecordActivity({ now, newId }),
    limits: NO_LIMITS,
    secrets: createSecretBox('the secret of the tests, long enough'),
    now,
    newId,
  };
  const app = createRouter({
    routes: directoryRoutes(deps, () => 'https://remit.test'),
    authenticate: createAuthenticate(deps),
    newRequestId: () => deps.newId('request'),
    log: createLog('silent'),
  });
  const keyOf = async (member: Member): Promise<string> =>
    (await createApiKey(deps)({ name: 'mine', owner: { userId: member.id }, expiresAt: null }, BY_TEST)).secret;
  return {
    database,
    deps,
    clock,
    app,
    /** Adds `<name>@example.com`. */
    add: (name: string, role: OrganisationRole = 'user') =>
      addMember(deps)({ email: `${name}@example.com`, name, role }, BY_TEST),
    /** A new personal key's secret. */
    keyOf,
    /** Headers of the console with a new session of the member. */
    consoleOf: async (member: Member) =>
      fromConsole((await openSession(deps)(member.id, BY_TEST, { method: 'password' })).secret),
    send: (line: string, sent?: Sent) => send(app, line, sent),
  };
};

/** {@link openDirectory}'s answer. */
export type Directory = Awaited<ReturnType<typeof openDirectory>>;
