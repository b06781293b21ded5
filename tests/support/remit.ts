import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as access from '../../src/access/contract.ts';
import * as directory from '../../src/directory/contract.ts';
import * as gateway from '../../src/gateway/contract.ts';
import { readConfig } from '../../src/main/config.ts';
import { serve } from '../../src/main/serve.ts';
import { type Call, createClient } from '../../src/platform/contract.ts';
import { answerWell } from './messages.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { openUpstreamServer, type TestUpstream } from './upstreams.ts';
import { waitFor } from './wait.ts';

export { access, directory, gateway };

/** The admin key every started Remit accepts. */
export const ADMIN_KEY = 'admin-key-of-the-tests';

type Role = 'owner' | 'membership_admin' | 'user' | 'managed';

export type Member = { readonly id: string; readonly email: string; readonly key: string; readonly keyId: string };
export type ServiceKey = { readonly groupId: string; readonly key: string; readonly keyId: string };

/** A running Remit with what tests ask of it, over HTTP alone. */
export type Remit = {
  readonly url: string;
  /** Its data folder. */
  readonly folder: string;
  /** The administrator's client. A change answers once it is in force here; it rejects when that takes over a second. */
  readonly call: Call;
  /** A new member with a personal key. */
  newMember(options?: { readonly role?: Role }): Promise<Member>;
  /** A new group with a service key. */
  newServiceKey(): Promise<ServiceKey>;
  /** A new custom role that grants `models` with their caps, and nothing else. */
  newRole(models: Readonly<Record<string, string | null>>): Promise<string>;
  /** Switches every model on for the organisation, without caps: what a test needs not to care. */
  allowAll(): Promise<void>;
  /** What is recorded of a request, once it has ended. */
  decision(requestId: string): Promise<gateway.DecisionDetail>;
  /** The newest requests recorded, newest first. */
  decisions(): Promise<readonly gateway.Decision[]>;
  /** How many requests are being served now, by the program's own count. */
  running(): Promise<number>;
  /** Stops it as a signal would; a second call is the first one's. */
  stop(): Promise<void>;
};

export type RemitProcess = Remit & {
  readonly pid: number;
  /** Ends the process at once, as a crash does; its data stays until `stop`. */
  kill(): Promise<void>;
};

type UpstreamEntry = { readonly name: string; readonly url: string; readonly key?: string };

export type RemitOptions = {
  /** Variables on top of those every test needs. */
  readonly env?: Readonly<Record<string, string>>;
  /** Without upstreams the built-in simulation answers. */
  readonly upstreamUrl?: string;
  readonly upstreams?: readonly UpstreamEntry[];
  readonly databaseUrl?: string | undefined;
  /** The data folder of an earlier run, which then stays after the stop. */
  readonly folder?: string;
};

const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'remit-test-'));

const environmentOf = (options: RemitOptions, folder: string): Record<string, string> => {
  const file = join(folder, 'remit.yaml');
  writeFileSync(file, options.upstreams === undefined ? '{}' : JSON.stringify({ upstreams: options.upstreams }));
  return {
    REMIT_CONFIG: file,
    REMIT_PORT: '0',
    REMIT_DATA_DIR: folder,
    REMIT_ADMIN_KEY: ADMIN_KEY,
    REMIT_LOG_LEVEL: 'fatal',
    ...(options.upstreamUrl === undefined
      ? {}
      : { REMIT_UPSTREAM_URL: options.upstreamUrl, REMIT_UPSTREAM_KEY: 'upstream-key' }),
    ...(options.databaseUrl === undefined ? {} : { REMIT_DATABASE_URL: options.databaseUrl }),
    ...options.env,
  };
};

/** The helpers over the HTTP contract of a Remit at `url`. */
export const helpersOf = (url: string): Omit<Remit, 'stop' | 'folder'> => {
  const ask = createClient({ baseUrl: url, headers: { 'x-api-key': ADMIN_KEY } });
  const version = async () => (await ask(gateway.getStatus)).policy_version;
  const call: Call = async (endpoint, input) => {
    if (endpoint.method === 'GET') return ask(endpoint, input);
    const before = await version();
    const reply = await ask(endpoint, input);
    await waitFor('the change to be in force', async () => (await version()) > before, 1000);
    return reply;
  };
  let made = 0;
  const unique = () => {
    made += 1;
    return `${process.pid}-${Date.now()}-${made}`;
  };
  return {
    url,
    call,
    newMember: async ({ role = 'user' } = {}) => {
      const email = `member-${unique()}@example.com`;
      const { id } = await call(directory.addUser, { body: { email, name: 'A member', role } });
      const { key, id: keyId } = await call(directory.createApiKey, { body: { name: 'laptop', user_id: id } });
      return { id, email, key, keyId };
    },
    newServiceKey: async () => {
      const { id: groupId } = await call(directory.createGroup, { body: { name: `group ${unique()}` } });
      const { key, id: keyId } = await call(directory.createApiKey, { body: { name: 'ci', rbac_group_id: groupId } });
      return { groupId, key, keyId };
    },
    newRole: async (models) => {
      const { id } = await call(directory.createRole, { body: { display_name: `role ${unique()}` } });
      const { models: all } = await call(access.getRoleModels, { params: { role_id: id } });
      await call(access.changeModelMatrix, {
        body: {
          edits: all.map(({ model }) => ({
            type: 'role_model' as const,
            role_id: id,
            model,
            enabled: model in models || model.includes('haiku'),
            ...(model in models ? { max_effort: models[model] as never } : {}),
          })),
        },
      });
      return id;
    },
    allowAll: async () => {
      const { models } = await call(access.getModelMatrix);
      const edits = models.map(({ model }) => ({
        type: 'organization_model' as const,
        model,
        enabled: true,
        max_effort: null,
      }));
      await call(access.changeModelMatrix, { body: { edits } });
    },
    decision: (requestId) =>
      waitFor(`the end of ${requestId}`, async () => {
        const detail = await call(gateway.getDecision, { params: { request_id: requestId } }).catch(
          (error: unknown) => {
            if (error instanceof Error && 'status' in error && error.status === 404) return undefined;
            throw error;
          },
        );
        return detail !== undefined && detail.outcome !== 'open' && detail;
      }),
    decisions: async () => (await call(gateway.listDecisions, { query: { limit: 1000 } })).data,
    running: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^remit_running_requests (\d+)$/m.exec(text)?.[1]);
    },
  };
};

/** Starts the program inside this process. */
export const startRemit = async (options: RemitOptions = {}): Promise<Remit> => {
  const folder = options.folder ?? makeFolder();
  const serving = await serve(readConfig(environmentOf(options, folder)), '0.0.0-test');
  return {
    ...helpersOf(serving.url),
    folder,
    stop: async () => {
      await serving.stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};

const START = fileURLToPath(new URL('../../src/main/start.ts', import.meta.url));

const urlFrom = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /serving at (\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', () => reject(new Error(`Remit did not start: ${text}`)));
  });

/** Starts the program as a process of its own, the way `npm start` does. */
export const startRemitProcess = async (options: RemitOptions = {}): Promise<RemitProcess> => {
  const folder = options.folder ?? makeFolder();
  const env = { PATH: process.env.PATH ?? '', ...environmentOf(options, folder) };
  const child = spawn(process.execPath, [START], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const url = await urlFrom(child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    ...helpersOf(url),
    pid: child.pid ?? 0,
    folder,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A Remit in front of an upstream that answers well, and a member who may use everything. */
export const startWithMember = async (
  options: RemitOptions & { readonly answer?: Parameters<typeof openUpstreamServer>[0] } = {},
) => {
  const upstream: TestUpstream = await openUpstreamServer(options.answer ?? answerWell);
  const remit = await startRemit({ upstreamUrl: upstream.url, ...options });
  await remit.allowAll();
  const member = await remit.newMember();
  const stop = async (): Promise<void> => {
    await remit.stop();
    await upstream.close();
  };
  return { upstream, remit, member, stop };
};

/** The two engines; each entry opens a database (undefined for SQLite) and closes what it needs. */
export type Engine = {
  readonly name: string;
  start(): Promise<void>;
  databaseUrl(): Promise<string | undefined>;
  stop(): Promise<void>;
};

const onPostgres = (): Engine => {
  let server: PostgresServer | undefined;
  return {
    name: 'PostgreSQL',
    start: async () => {
      server = await startPostgres();
    },
    databaseUrl: async () => server?.createDatabase(),
    stop: async () => server?.stop(),
  };
};

const onSqlite = (): Engine => ({
  name: 'SQLite',
  start: async () => {},
  databaseUrl: async () => undefined,
  stop: async () => {},
});

export const ENGINES: readonly Engine[] = [onSqlite(), onPostgres()];
