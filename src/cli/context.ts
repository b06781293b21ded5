import type { Command } from 'commander';
import { type Call, createClient } from '../platform/contract.ts';
import { UsageMistake } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The options every command has. */
export type GlobalOptions = { readonly url: string; readonly key?: string; readonly json?: boolean };

/** What a command ends with when it did what it was asked and has something to tell a script: see `remit plan`. */
export type ExitCode = 0 | 1 | 2;

/** What a command works with: the server it talks to and where it writes. */
export type Context = {
  readonly call: Call;
  readonly terminal: Terminal;
  /** Whether the result is for a program. */
  readonly isJson: boolean;
  /** Writes the result: as the words of `inWords`, or with --json as the server's own reply. */
  readonly show: <Reply>(reply: Reply, inWords: (reply: Reply) => string) => void;
  /** Ends with this code instead of 0 once the command returns. */
  readonly endWith: (code: ExitCode) => void;
};

/** How a command is given its context once its options are known. */
export type OpenContext = (command: Command) => Context;

/** Opens contexts that write to this terminal. A missing key is a mistake in the call. */
export const createOpenContext =
  (terminal: Terminal, endWith: (code: ExitCode) => void): OpenContext =>
  (command) => {
    const { url, key, json } = command.optsWithGlobals<GlobalOptions>();
    if (key === undefined || key === '')
      throw new UsageMistake('This needs an admin key: set REMIT_ADMIN_KEY or give --key.');
    return {
      call: createClient({ baseUrl: url.replace(/\/+$/, ''), headers: { 'x-api-key': key } }),
      terminal,
      isJson: json === true,
      show: (reply, inWords) => terminal.print(json === true ? JSON.stringify(reply, null, 2) : inWords(reply)),
      endWith,
    };
  };
