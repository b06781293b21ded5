import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/cli/program.ts';
import { ADMIN_KEY } from './organisation.ts';

/** What a command said and how it ended. */
export type Ran = { readonly exitCode: number; readonly printed: string; readonly complained: string };

/** The command line in front of one server. */
export type CommandLine = {
  /** Runs a command as a pipeline does: nobody is there to be asked, unless `answer` says what they say then. */
  run(args: readonly string[], answer?: () => Promise<string>): Promise<Ran>;
  /** Writes a file beside the others and answers its path. */
  file(name: string, lines: readonly string[]): string;
};

/** Runs commands against the server at `url` with the admin key. */
export const commandLineAt = (url: string): CommandLine => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-cli-'));
  return {
    run: async (args, answer) => {
      const printed: string[] = [];
      const complained: string[] = [];
      const exitCode = await runCommand({
        args: ['--url', url, '--key', ADMIN_KEY, ...args],
        version: '0.0.0-test',
        terminal: {
          print: (text) => printed.push(text),
          complain: (text) => complained.push(text),
          ask: answer ?? null,
        },
      });
      return { exitCode, printed: printed.join('\n'), complained: complained.join('\n').replaceAll(`${folder}/`, '') };
    },
    file: (name, lines) => {
      const path = join(folder, name);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return path;
    },
  };
};
