import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { Client } from 'pg';

/** A way to a database that can fall silent: everything is accepted, and nothing comes back. */
export type SilentDatabase = {
  readonly url: string;
  /** Bytes are swallowed from now on: all of them, or only the server's answers. */
  swallow(what: 'everything' | 'answers'): void;
  /** Bytes pass again; connections that have lost some stay as they are, as behind a real network. */
  pass(): void;
  close(): Promise<void>;
};

/** A TCP proxy on loopback in front of a PostgreSQL server. */
export const startSilentDatabase = async (databaseUrl: string): Promise<SilentDatabase> => {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let swallowed: 'nothing' | 'answers' | 'everything' = 'nothing';
  const join = (client: Socket): void => {
    const server = connectTo(Number(target.port), target.hostname);
    let isBroken = false;
    const isLost = (from: 'client' | 'server'): boolean => {
      isBroken ||= swallowed === 'everything' || (swallowed === 'answers' && from === 'server');
      return isBroken && (from === 'server' || swallowed !== 'answers');
    };
    client.on('data', (bytes) => void (isLost('client') || server.write(bytes)));
    server.on('data', (bytes) => void (isLost('server') || client.write(bytes)));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  };
  const proxy = createServer(join).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    swallow: (what) => {
      swallowed = what;
    },
    pass: () => {
      swallowed = 'nothing';
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
};

const childrenOf = (parent: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(parent);
      } catch {
        return false;
      }
    });

/** Signals a process, unless it has ended by itself. */
const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Stops every process of a server in its tracks; answers what lets them go on. The kernel still accepts connections. */
export const stopProcesses = async (serverUrl: string): Promise<() => void> => {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  await client.end();
  const parent = Number(readFileSync(`${rows[0]?.data_directory}/postmaster.pid`, 'utf8').split('\n')[0]);
  // First the one that starts the others: from then on they can only become fewer.
  process.kill(parent, 'SIGSTOP');
  const children = childrenOf(parent);
  for (const pid of children) signal(pid, 'SIGSTOP');
  return () => {
    for (const pid of children) signal(pid, 'SIGCONT');
    process.kill(parent, 'SIGCONT');
  };
};
