import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/main/config.ts';
import { serve } from '../../src/main/serve.ts';
import { answerWell } from './messages.ts';
import { ADMIN_KEY, type Organisation, organisationAt } from './organisation.ts';
import { type Answer, openUpstreamServer } from './upstreams.ts';

export { ENGINES } from './engines.ts';
export { ADMIN_KEY, access, directory, gateway, type Member, type ServiceKey, spend } from './organisation.ts';

/** A running Remit. */
export type Remit = Organisation & {
  /** Its data folder. */
  readonly folder: string;
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

/** Starts the program inside this process. */
export const startRemit = async (options: RemitOptions = {}): Promise<Remit> => {
  const folder = options.folder ?? makeFolder();
  const serving = await serve(readConfig(environmentOf(options, folder)), '0.0.0-test');
  return {
    ...organisationAt(serving.url),
    folder,
    stop: async () => {
      await serving.stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};

const START = fileURLToPath(new URL('../../bin/serve.js', import.meta.url));

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
    ...organisationAt(url),
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
export const startWithMember = async (options: RemitOptions & { readonly answer?: Answer } = {}) => {
  const upstream = await openUpstreamServer(options.answer ?? answerWell);
  const remit = await startRemit({ upstreamUrl: upstream.url, ...options });
  await remit.allowAll();
  const member = await remit.newMember();
  const stop = async (): Promise<void> => {
    await remit.stop();
    await upstream.close();
  };
  return { upstream, remit, member, stop };
};
