import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { installClaudeCode } from '../../../scripts/install-claude-code.ts';
import { type Exchange, type Outside, openOutside, openWiretap, type Wiretap } from './wiretap.ts';

/** A developer's machine with nothing on it but Claude Code: an own home, an own project folder, an own wire to Remit. */
type Workplace = {
  readonly home: string;
  readonly project: string;
  /** The variables Claude Code starts with; nothing else of our environment reaches it. */
  readonly env: Readonly<Record<string, string>>;
  /** What passed between Claude Code and Remit. */
  readonly exchanges: readonly Exchange[];
  /** Hosts beyond this machine that Claude Code tried to reach. None was let through. */
  readonly askedOutside: readonly string[];
};

/** What the developer was left with. */
export type Run = Pick<Workplace, 'home' | 'exchanges' | 'askedOutside'> & {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly seconds: number;
};

export type RunOptions = {
  readonly args: readonly string[];
  /** Credentials, and whatever else differs from a plain start. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to `~/.claude/settings.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
};

/** The real Claude Code, set up to talk to one Remit. */
export type ClaudeCode = {
  readonly program: string;
  openWorkplace(options: Omit<RunOptions, 'args'>): Promise<Workplace>;
  /** Runs it in a workplace of its own until it ends. */
  run(options: RunOptions): Promise<Run>;
  close(): Promise<void>;
};

const RUN_MS_MAX = 50_000;

const writeJson = (file: string, value: unknown): Promise<void> => writeFile(file, JSON.stringify(value));

const furnish = async (
  folder: string,
  settings: RunOptions['settings'],
): Promise<{ home: string; project: string }> => {
  const [home, project] = [join(folder, 'home'), join(folder, 'project')];
  await mkdir(join(home, '.claude'), { recursive: true });
  await mkdir(project);
  // What a person has answered once and for all by the second start.
  await writeJson(join(home, '.claude.json'), {
    hasCompletedOnboarding: true,
    projects: { [project]: { hasTrustDialogAccepted: true } },
  });
  await writeJson(join(home, '.claude', 'settings.json'), { theme: 'dark', ...settings });
  return { home, project };
};

const baseEnv = (home: string, wire: Wiretap, outside: Outside): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: home,
  LANG: 'C.UTF-8',
  ANTHROPIC_BASE_URL: wire.url,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  HTTPS_PROXY: outside.url,
  HTTP_PROXY: outside.url,
  NO_PROXY: '127.0.0.1',
});

const runToEnd = async (program: string, args: readonly string[], place: Workplace): Promise<Run> => {
  const startedMs = performance.now();
  const child = spawn(program, args, {
    cwd: place.project,
    env: place.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_MS_MAX,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const seconds = (performance.now() - startedMs) / 1000;
  const { home, exchanges, askedOutside } = place;
  return { stdout, stderr, exitCode, seconds, home, exchanges, askedOutside };
};

/** Installs Claude Code when it is missing and points it at the Remit at `target`. */
export const openClaudeCode = async (target: string): Promise<ClaudeCode> => {
  const program = await installClaudeCode();
  const root = await mkdtemp(join(tmpdir(), 'claude-code-'));
  const opened: { close(): Promise<void> }[] = [];

  const openWorkplace: ClaudeCode['openWorkplace'] = async ({ env, settings }) => {
    const [wire, outside] = await Promise.all([openWiretap(target), openOutside()]);
    opened.push(wire, outside);
    const { home, project } = await furnish(await mkdtemp(join(root, 'workplace-')), settings);
    return {
      home,
      project,
      env: { ...baseEnv(home, wire, outside), ...env },
      exchanges: wire.exchanges,
      askedOutside: outside.asked,
    };
  };

  return {
    program,
    openWorkplace,
    run: async (options) => runToEnd(program, options.args, await openWorkplace(options)),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      // A child of Claude Code may outlive it by a moment and still write.
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
