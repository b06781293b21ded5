import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installClaudeCode } from '../../../scripts/install-claude-code.ts';
import { type Command, openTerminal, type Terminal } from './terminal.ts';
import { openOutside } from './wiretap.ts';

/** A developer's machine whose administrators have pointed Claude Code at a gateway. */
export type GatewayMachine = {
  /** Claude Code in a terminal. */
  open(...args: readonly string[]): Promise<Terminal>;
  /** Runs Claude Code until it ends; answers what it wrote. */
  run(...args: readonly string[]): Promise<string>;
  /** The address Claude Code last opened in a browser; undefined for none. */
  openedPage(): Promise<string | undefined>;
  close(): Promise<void>;
};

const RUN_MS_MAX = 50_000;

// In a mount namespace of its own, a folder lies over /etc: the file binds whoever starts in there, and nobody else.
const IN_OWN_ETC = 'mount -t overlay overlay -o "lowerdir=$OVER_ETC:/etc" /etc && unset OVER_ETC && exec "$@"';

const unshareArgs = process.getuid?.() === 0 ? ['-m'] : ['-U', '-r', '-m'];

const needNamespaces = (overEtc: string): void => {
  const tried = spawnSync('unshare', [...unshareArgs, 'sh', '-c', IN_OWN_ETC, 'sh', 'true'], {
    env: { PATH: process.env.PATH, OVER_ETC: overEtc },
    encoding: 'utf8',
  });
  if (tried.status !== 0)
    throw new Error(
      `Claude Code reads whose gateway it signs in to from /etc/claude-code only. The test lays a folder over /etc in a mount namespace of its own, which is not permitted here: ${tried.stderr?.trim() ?? String(tried.error)}`,
    );
};

const writeJson = (file: string, value: unknown): Promise<void> => writeFile(file, JSON.stringify(value));

/** Furnishes a machine on which `forceLoginGatewayUrl` names the gateway; installs Claude Code when it is missing. */
export const openGatewayMachine = async (gatewayUrl: string): Promise<GatewayMachine> => {
  const program = await installClaudeCode();
  const root = await mkdtemp(join(tmpdir(), 'gateway-machine-'));
  const outside = await openOutside();
  const [overEtc, home, project] = [join(root, 'etc'), join(root, 'home'), join(root, 'project')];
  const [browser, opened] = [join(root, 'browser.sh'), join(root, 'opened')];
  await mkdir(join(overEtc, 'claude-code'), { recursive: true });
  await mkdir(join(home, '.claude'), { recursive: true });
  await mkdir(project);
  await writeJson(join(overEtc, 'claude-code', 'managed-settings.json'), {
    forceLoginMethod: 'gateway',
    forceLoginGatewayUrl: gatewayUrl,
  });
  await writeJson(join(home, '.claude.json'), {
    hasCompletedOnboarding: true,
    projects: { [project]: { hasTrustDialogAccepted: true } },
  });
  await writeJson(join(home, '.claude', 'settings.json'), { theme: 'dark' });
  await writeFile(browser, `#!/bin/sh\necho "$1" > ${opened}\n`);
  await chmod(browser, 0o755);
  needNamespaces(overEtc);

  const command = (args: readonly string[]): Command => ({
    argv: ['unshare', ...unshareArgs, 'sh', '-c', IN_OWN_ETC, 'sh', program, ...args],
    folder: project,
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: home,
      LANG: 'C.UTF-8',
      OVER_ETC: overEtc,
      BROWSER: browser,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      HTTPS_PROXY: outside.url,
      HTTP_PROXY: outside.url,
      NO_PROXY: '127.0.0.1',
    },
  });

  return {
    open: (...args) => openTerminal(command(args)),
    run: async (...args) => {
      const { argv, folder, env } = command(args);
      const [first = '', ...rest] = argv;
      const ended = promisify(execFile)(first, rest, { cwd: folder, env, timeout: RUN_MS_MAX });
      ended.child.stdin?.end();
      const { stdout, stderr } = await ended.catch(
        (failed: { readonly stdout: string; readonly stderr: string }) => failed,
      );
      return stdout + stderr;
    },
    openedPage: async () => (await readFile(opened, 'utf8').catch(() => undefined))?.trim(),
    close: async () => {
      await outside.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
