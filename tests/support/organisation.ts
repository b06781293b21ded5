import * as access from '../../src/access/contract.ts';
import * as directory from '../../src/directory/contract.ts';
import * as gateway from '../../src/gateway/contract.ts';
import { ApiError, type Call, createClient } from '../../src/platform/contract.ts';
import * as spend from '../../src/spend/contract.ts';
import { waitFor } from './wait.ts';

export { access, directory, gateway, spend };

/** The admin key every started Remit accepts. */
export const ADMIN_KEY = 'admin-key-of-the-tests';

type Role = 'owner' | 'membership_admin' | 'user' | 'managed';

export type Member = { readonly id: string; readonly email: string; readonly key: string; readonly keyId: string };
export type ServiceKey = { readonly groupId: string; readonly key: string; readonly keyId: string };

/** What tests ask of a running Remit, over HTTP alone. */
export type Organisation = {
  readonly url: string;
  /** The administrator's client. A change answers once it is in force here; it rejects when that takes over a second. */
  readonly call: Call;
  /** The same for changes that are none of policy: it does not wait for a new version. */
  readonly callNow: Call;
  /** A new member with a personal key. */
  newMember(options?: { readonly role?: Role }): Promise<Member>;
  /** A new group with a service key. */
  newServiceKey(): Promise<ServiceKey>;
  /** A new custom role that grants `models` with their caps and no others, and every capability. */
  newRole(models: Readonly<Record<string, string | null>>): Promise<string>;
  /** Switches every model on for the organisation, without caps: what a test needs not to care. */
  allowAll(): Promise<void>;
  /** What is recorded of a request, once it has ended. */
  decision(requestId: string): Promise<gateway.DecisionDetail>;
  /** The newest requests recorded, newest first. */
  decisions(): Promise<readonly gateway.Decision[]>;
  /** How many requests are being served now, by the program's own count. */
  running(): Promise<number>;
};

let made = 0;
const unique = (): string => {
  made += 1;
  return `${process.pid}-${Date.now()}-${made}`;
};

const askAt = (url: string): Call => createClient({ baseUrl: url, headers: { 'x-api-key': ADMIN_KEY } });

const clientAt = (ask: Call): Call => {
  const version = async () => (await ask(gateway.getStatus)).policy_version;
  return async (endpoint, input) => {
    if (endpoint.method === 'GET') return ask(endpoint, input);
    const before = await version();
    const reply = await ask(endpoint, input);
    await waitFor('the change to be in force', async () => (await version()) > before, 1000);
    return reply;
  };
};

const addMember = async (call: Call, role: Role): Promise<Member> => {
  const email = `member-${unique()}@example.com`;
  const { id } = await call(directory.addUser, { body: { email, name: 'A member', role } });
  const { key, id: keyId } = await call(directory.createApiKey, { body: { name: 'laptop', user_id: id } });
  return { id, email, key, keyId };
};

const addServiceKey = async (call: Call): Promise<ServiceKey> => {
  const { id: groupId } = await call(directory.createGroup, { body: { name: `group ${unique()}` } });
  const { key, id: keyId } = await call(directory.createApiKey, { body: { name: 'ci', rbac_group_id: groupId } });
  return { groupId, key, keyId };
};

const addRole = async (call: Call, granted: Readonly<Record<string, string | null>>): Promise<string> => {
  const { id } = await call(directory.createRole, { body: { display_name: `role ${unique()}` } });
  const { models } = await call(access.getRoleModels, { params: { role_id: id } });
  const edits = models.map(({ model }) => ({
    type: 'role_model' as const,
    role_id: id,
    model,
    enabled: model in granted || model.includes('haiku'),
    ...(model in granted ? { max_effort: granted[model] as never } : {}),
  }));
  await call(access.changeModelMatrix, { body: { edits } });
  await call(access.setRoleCapabilities, { params: { role_id: id }, body: { access: 'all' } });
  return id;
};

const allowAll = async (call: Call): Promise<void> => {
  const { models } = await call(access.getModelMatrix);
  const edits = models.map(({ model }) => ({
    type: 'organization_model' as const,
    model,
    enabled: true,
    max_effort: null,
  }));
  await call(access.changeModelMatrix, { body: { edits } });
};

/** A decision that has ended; undefined while there is none, or it runs. */
const findEnded = async (call: Call, requestId: string): Promise<gateway.DecisionDetail | undefined> => {
  try {
    const found = await call(gateway.getDecision, { params: { request_id: requestId } });
    return found.outcome === 'open' ? undefined : found;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
};

/** The helpers for a Remit at `url`. */
export const organisationAt = (url: string): Organisation => {
  const ask = askAt(url);
  const call = clientAt(ask);
  return {
    url,
    call,
    callNow: ask,
    newMember: ({ role = 'user' } = {}) => addMember(call, role),
    newServiceKey: () => addServiceKey(call),
    newRole: (models) => addRole(call, models),
    allowAll: () => allowAll(call),
    decision: (requestId) => waitFor(`the end of ${requestId}`, () => findEnded(call, requestId)),
    decisions: async () => (await call(gateway.listDecisions, { query: { limit: 1000 } })).data,
    running: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^remit_running_requests (\d+)$/m.exec(text)?.[1]);
    },
  };
};
