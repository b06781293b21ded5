import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  changeModelMatrix,
  getModelMatrix,
  setRoleCapabilities,
  setRoleConnectors,
} from '../../../src/access/contract.ts';
import { addUser, attachUserRole, createApiKey, createRole, updateApiKey } from '../../../src/directory/contract.ts';
import { type Decision, type DecisionDetail, getDecision, listDecisions } from '../../../src/gateway/contract.ts';
import { type ReceivedRequest, startSimulatedUpstream } from '../../../src/gateway/simulated-upstream/index.ts';
import type { Capability, Effort, ToolLevel } from '../../../src/kernel/index.ts';
import { readConfig } from '../../../src/main/config.ts';
import { type Serving, serve } from '../../../src/main/serve.ts';
import { type Call, createClient } from '../../../src/platform/contract.ts';

const ADMIN_KEY = 'admin-key-of-the-client-tests';
const UPSTREAM_KEY = 'key-of-the-provider';

/** What a member's only role grants: models by id, each with its highest effort. */
type Grants = Readonly<Record<string, Effort>>;

/** What that role grants beside models; every capability, and connectors after approval, where nothing is said. */
type Rights = { readonly capabilities?: readonly Capability[]; readonly connectors?: ToolLevel };

/** A Custom member bound by one role of their own, with a personal key. */
export type Member = {
  readonly id: string;
  readonly key: string;
  /** Revokes the key for good. */
  revokeKey(): Promise<void>;
  /** The member's requests as Remit recorded them, oldest first. Waits until none is open any more. */
  decisions(): Promise<readonly Decision[]>;
  /** One request with its findings. */
  decision(requestId: string): Promise<DecisionDetail>;
};

/** A Remit of the tests' own on loopback; what it forwards goes to a simulated provider that keeps what it received. */
export type Organisation = {
  readonly url: string;
  /** The administrator's client. */
  readonly admin: Call;
  addMember(name: string, grants: Grants, rights?: Rights): Promise<Member>;
  /** Every request the provider received so far that carries this Claude Code session id. */
  receivedFrom(sessionId: string | undefined): readonly ReceivedRequest[];
  close(): Promise<void>;
};

const SETTLE_MS_MAX = 5000;

const settledDecisions = async (admin: Call, userId: string): Promise<readonly Decision[]> => {
  const giveUpAt = Date.now() + SETTLE_MS_MAX;
  for (;;) {
    const { data } = await admin(listDecisions, { query: { user_id: userId, limit: 100 } });
    if (data.every(({ outcome }) => outcome !== 'open')) return data.toReversed();
    if (Date.now() > giveUpAt) throw new Error('a request stayed open after its client had finished');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** A new role gives every model: what it is to grant is capped, the rest switched off (Haiku cannot be). */
const grant = async (admin: Call, roleId: string, grants: Grants): Promise<void> => {
  const { models } = await admin(getModelMatrix);
  const edits = models.flatMap(({ model, always_available }) => {
    const max_effort = grants[model];
    if (max_effort === undefined && always_available) return [];
    const access = max_effort === undefined ? { enabled: false } : { enabled: true, max_effort };
    return [{ type: 'role_model' as const, role_id: roleId, model, ...access }];
  });
  await admin(changeModelMatrix, { body: { edits } });
};

const giveRights = async (admin: Call, roleId: string, { capabilities, connectors = 'ask' }: Rights): Promise<void> => {
  const params = { role_id: roleId };
  const selected = Object.fromEntries((capabilities ?? []).map((one) => [one, true]));
  const access = capabilities === undefined ? ('all' as const) : ('selected' as const);
  await admin(setRoleCapabilities, { params, body: { access, capabilities: { chat: false, ...selected } } });
  await admin(setRoleConnectors, { params, body: { all_connectors: connectors } });
};

type NewMember = { readonly name: string; readonly grants: Grants; readonly rights: Rights };

const addMember = async (admin: Call, { name, grants, rights }: NewMember): Promise<Member> => {
  const role = await admin(createRole, { body: { display_name: `Role of ${name}` } });
  await grant(admin, role.id, grants);
  await giveRights(admin, role.id, rights);
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
  const user = await admin(addUser, { body: { email, name, role: 'managed' } });
  await admin(attachUserRole, { params: { user_id: user.id }, body: { role_id: role.id } });
  const { id, key } = await admin(createApiKey, { body: { name: 'Laptop', user_id: user.id } });
  return {
    id: user.id,
    key,
    revokeKey: async () => {
      await admin(updateApiKey, { params: { api_key_id: id }, body: { status: 'archived' } });
    },
    decisions: () => settledDecisions(admin, user.id),
    decision: (requestId) => admin(getDecision, { params: { request_id: requestId } }),
  };
};

const headerOf = ({ rawHeaders }: ReceivedRequest, name: string): string | undefined => {
  const at = rawHeaders.findIndex((one, index) => index % 2 === 0 && one.toLowerCase() === name);
  return at === -1 ? undefined : rawHeaders[at + 1];
};

type Env = Readonly<Record<string, string>>;

/** Serves on the folder's data. A configuration of their own keeps a developer's remit.yaml out. */
const serveOn = async (folder: string, upstreamUrl: string, env: Env): Promise<Serving> => {
  await writeFile(join(folder, 'remit.yaml'), '');
  const config = readConfig({
    REMIT_CONFIG: join(folder, 'remit.yaml'),
    REMIT_PORT: '0',
    REMIT_DATA_DIR: join(folder, 'data'),
    REMIT_ADMIN_KEY: ADMIN_KEY,
    REMIT_UPSTREAM_URL: upstreamUrl,
    REMIT_UPSTREAM_KEY: UPSTREAM_KEY,
    REMIT_SHUTDOWN_GRACE_SECONDS: '1',
    ...env,
  });
  return serve(config, 'test');
};

/** Starts the provider and Remit, with empty data in a temporary folder; `env` sets variables of Remit's. */
export const openOrganisation = async (env: Env = {}): Promise<Organisation> => {
  const folder = await mkdtemp(join(tmpdir(), 'remit-clients-'));
  const received: ReceivedRequest[] = [];
  const upstream = await startSimulatedUpstream({
    requireKey: UPSTREAM_KEY,
    onRequest: (request) => received.push(request),
  });
  const tidy = async (): Promise<void> => {
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  };
  const serving = await serveOn(folder, upstream.url, env).catch(async (error: unknown) => {
    await tidy();
    throw error;
  });
  const admin = createClient({ baseUrl: serving.url, headers: { 'x-api-key': ADMIN_KEY } });
  return {
    url: serving.url,
    admin,
    addMember: (name, grants, rights = {}) => addMember(admin, { name, grants, rights }),
    receivedFrom: (sessionId) =>
      received.filter((request) => headerOf(request, 'x-claude-code-session-id') === sessionId),
    close: async () => {
      await serving.stop();
      await tidy();
    },
  };
};
