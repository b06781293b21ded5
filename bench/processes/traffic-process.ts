import type { ChildProcess } from 'node:child_process';
import type {
  Envelope,
  LoaderCommand,
  LoaderReply,
  Returned,
  UpstreamCommand,
  UpstreamReply,
} from '../traffic/protocol.ts';
import type { Processes } from './processes.ts';

/** A helper process that answers one reply per command; `ask` throws the failure it reports. */
export type TrafficProcess<Command, Reply> = { pid: number; ask(command: Command): Promise<Reply> };

export type Upstream = TrafficProcess<UpstreamCommand, UpstreamReply>;
export type Loader = TrafficProcess<LoaderCommand, LoaderReply>;

type Waiting<Reply> = { resolve(reply: Reply): void; reject(error: Error): void };

const converse = <Command, Reply>(child: ChildProcess): TrafficProcess<Command, Reply> => {
  const waiting = new Map<number, Waiting<Reply>>();
  let last = 0;
  child.on('message', (returned: Returned<Reply>) => {
    const asked = waiting.get(returned.id);
    waiting.delete(returned.id);
    if ('failure' in returned) asked?.reject(new Error(returned.failure));
    else asked?.resolve(returned.body);
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('a traffic process ended'));
    waiting.clear();
  });
  if (child.pid === undefined) throw new Error('a traffic process could not be started');
  return {
    pid: child.pid,
    ask: (body) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        const envelope: Envelope<Command> = { id: last, body };
        child.send(envelope);
      }),
  };
};

/** Starts the upstream; it listens once asked to. */
export const startUpstream = (processes: Processes): Upstream =>
  converse(processes.fork(new URL('../traffic/upstream.ts', import.meta.url)));

/** Starts the loader, which is idle until asked. */
export const startLoader = (processes: Processes): Loader =>
  converse(processes.fork(new URL('../traffic/loader.ts', import.meta.url)));
