import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A terminal with a person's eyes and hands: what stands on the screen, and keys to press. */
export type Terminal = {
  /** Waits until the screen shows `text`, wherever its lines break; rejects with the screen when it does not come. */
  waitFor(text: string): Promise<void>;
  type(text: string): Promise<void>;
  pressEnter(): Promise<void>;
  /** Presses another key, by tmux's name for it. */
  press(key: 'Up' | 'Escape'): Promise<void>;
  /** What stands on the screen now, on one line. */
  read(): Promise<string>;
  close(): Promise<void>;
};

export type Command = {
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
};

const WAIT_MS_MAX = 20_000;
const END_MS_MAX = 5000;
// Wide enough for one sentence to stay on one line.
const SIZE = ['-x', '240', '-y', '50'];

const needTmux = (): void => {
  if (spawnSync('tmux', ['-V']).status !== 0)
    throw new Error('tmux is missing, which the test of the interactive Claude Code needs: apt-get install tmux');
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits for the end of a program whose terminal has gone, since it tidies up after that. */
const waitForEnd = async (pid: number): Promise<void> => {
  const giveUpAt = Date.now() + END_MS_MAX;
  while (isRunning(pid) && Date.now() < giveUpAt) await sleep(50);
  if (isRunning(pid)) process.kill(pid, 'SIGKILL');
};

/** Runs a command in a terminal of its own, by a tmux server of its own, with exactly the given environment. */
export const openTerminal = async ({ argv, folder, env }: Command): Promise<Terminal> => {
  needTmux();
  const place = await mkdtemp(join(tmpdir(), 'terminal-'));
  const tmux = async (...args: readonly string[]): Promise<string> => {
    const all = ['-u', '-S', join(place, 'socket'), '-f', '/dev/null', ...args];
    const { stdout } = await promisify(execFile)('tmux', all, { env: { PATH: process.env.PATH } });
    return stdout;
  };
  const variables = Object.entries({ ...env, TERM: 'xterm-256color' }).map(([name, value]) => `${name}=${value}`);
  // `env` becomes the command, so that this is the command's own process id.
  const shown = ['-P', '-F', '#{pane_pid}'];
  const pid = Number(
    await tmux('new-session', '-d', ...shown, ...SIZE, '-c', folder, 'env', '-i', ...variables, ...argv),
  );

  const waitFor = async (text: string): Promise<void> => {
    const giveUpAt = Date.now() + WAIT_MS_MAX;
    for (;;) {
      const screen = await tmux('capture-pane', '-p', '-J');
      if (screen.replace(/\s+/g, ' ').includes(text)) return;
      if (Date.now() > giveUpAt) throw new Error(`the screen never showed “${text}”:\n${screen}`);
      await sleep(100);
    }
  };
  return {
    waitFor,
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    pressEnter: async () => void (await tmux('send-keys', 'Enter')),
    press: async (key) => void (await tmux('send-keys', key)),
    read: async () => (await tmux('capture-pane', '-p', '-J')).replace(/\s+/g, ' '),
    close: async () => {
      await tmux('kill-server');
      await waitForEnd(pid);
      await rm(place, { recursive: true, force: true });
    },
  };
};
