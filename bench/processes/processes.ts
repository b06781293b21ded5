import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from './process-tree.ts';

const STOP_SECONDS_MAX = 8;
const LOG_TAIL_CHARACTERS = 600;

/** A program under the benchmark's care; `lastWords` is the end of what it has printed. */
export type Program = { pid: number; hasEnded(): boolean; lastWords(): string; stop(): Promise<void> };

/** How to start a program: its environment is the benchmark's own with `environment` on top. */
export type ProgramStart = {
  name: string;
  command: string;
  arguments: readonly string[];
  environment?: Record<string, string>;
  folder?: string;
};

/** Starts programs, knows them all, and ends each by its id. */
export type Processes = {
  readonly folder: string;
  start(program: ProgramStart): Program;
  fork(file: URL): ChildProcess;
  endAll(): Promise<void>;
  killAll(): void;
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
};

const killTree = (child: ChildProcess): void => {
  if (child.pid === undefined || hasEnded(child)) return;
  for (const pid of processTree(child.pid)) signal(pid, 'SIGKILL');
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signal(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(STOP_SECONDS_MAX * 1000, undefined, { ref: false })]);
  killTree(child);
};

const readTail = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').slice(-LOG_TAIL_CHARACTERS).trim();
  } catch {
    return '';
  }
};

/** Care for programs with a temporary folder for their files, which `endAll` and `killAll` remove. */
export const createProcesses = (): Processes => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-bench-'));
  const children = new Set<ChildProcess>();
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });

  const start = (program: ProgramStart): Program => {
    const log = join(folder, `${program.name}.log`);
    const output = openSync(log, 'a');
    const child = spawn(program.command, program.arguments, {
      cwd: program.folder ?? process.cwd(),
      env: { ...process.env, ...program.environment },
      stdio: ['ignore', output, output],
    });
    child.on('error', () => undefined);
    children.add(child);
    if (child.pid === undefined) throw new Error(`${program.command} could not be started`);
    return { pid: child.pid, hasEnded: () => hasEnded(child), lastWords: () => readTail(log), stop: () => stop(child) };
  };

  return {
    folder,
    start,
    fork(file) {
      const child = fork(file, { serialization: 'advanced' });
      children.add(child);
      return child;
    },
    async endAll() {
      await Promise.all([...children].map(stop));
      removeFolder();
    },
    killAll() {
      for (const child of children) killTree(child);
      removeFolder();
    },
  };
};
