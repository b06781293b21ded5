import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The version the tests speak of: what it shows people is asserted word for word. */
const CLAUDE_CODE_VERSION = '2.1.330';

const cache = fileURLToPath(new URL('../.cache/claude-code', import.meta.url));
const installation = join(cache, CLAUDE_CODE_VERSION);

const isMusl = (): boolean => {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  return process.platform === 'linux' && header.glibcVersionRuntime === undefined;
};

/** Where npm puts the native program for this machine. */
const programIn = (root: string): string => {
  const name = `claude-code-${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
  return join(root, 'node_modules/@anthropic-ai', name, process.platform === 'win32' ? 'claude.exe' : 'claude');
};

/** npm's own reason, without its prefix: the first line that is neither a code nor the place of a log. */
const reasonOf = (error: unknown): string => {
  const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
  const lines = stderr
    .split('\n')
    .flatMap((line) => /^npm (?:error|ERR!) (?!code |errno |syscall |A complete log)(.+)/.exec(line)?.[1] ?? []);
  return lines[0] ?? message.split('\n')[0] ?? 'unknown reason';
};

// The program itself comes with the platform's package; the scripts of the packages only move it.
const NPM_FLAGS = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

const npmInstall = async (root: string): Promise<void> => {
  const args = ['install', '--prefix', root, ...NPM_FLAGS, `@anthropic-ai/claude-code@${CLAUDE_CODE_VERSION}`];
  try {
    await promisify(execFile)('npm', args, { cwd: root, shell: process.platform === 'win32' });
  } catch (error) {
    throw new Error(`Claude Code ${CLAUDE_CODE_VERSION} could not be installed from npm: ${reasonOf(error)}`);
  }
  if (!existsSync(programIn(root)))
    throw new Error(`Claude Code ${CLAUDE_CODE_VERSION} has no program for ${process.platform} on ${process.arch}`);
};

/** Puts a finished installation into its place, unless somebody else was faster. */
const putInPlace = async (fresh: string): Promise<void> => {
  try {
    await rename(fresh, installation);
  } catch (error) {
    if (!existsSync(programIn(installation))) throw error;
  }
};

/**
 * The path of Claude Code's native program, installed from npm into the project's `.cache` unless it is there already.
 * It takes its place when complete, so an interrupted or a second installation does no harm. Rejects with one line when
 * npm cannot get it.
 */
export const installClaudeCode = async (): Promise<string> => {
  const program = programIn(installation);
  if (existsSync(program)) return program;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'incoming-'));
  try {
    await npmInstall(fresh);
    await putInPlace(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return program;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await installClaudeCode()}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
