import type { Command } from 'commander';
import { type Call, createClient } from '../platform/contract.ts';
import { UsageMistake } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The options every command has. */
export type GlobalOptions = { readonly url: string; readonly key?: string; readonly json?: boolean };

/** What a command works with: the server it talks to and where it writes. */
export type Context = {
  readonly call: Call;
  /** Writes the result: as the words of `inWords`, or with --json as the server's own reply. */
  readonly show: <Reply>(reply: Reply, inWords: (reply: Reply) => string) => void;
};

/** How a command is given its context once its options are known. */
export type OpenContext = (command: Command) => Context;

/** Opens contexts that write to this terminal. A missing key is a mistake in the call. */
export const createOpenContext =
  ({ print }: Terminal): OpenContext =>
  (command) => {
    const { url, key, json } = command.optsWithGlobals<GlobalOptions>();
    if (key === undefined || key === '')
      throw new UsageMistake('This needs an admin key: set REMIT_ADMIN_KEY or give --key.');
    return {
      call: createClient({ baseUrl: url.replace(/\/+$/, ''), headers: { 'x-api-key': key } }),
      show: (reply, inWords) => print(json === true ? JSON.stringify(reply, null, 2) : inWords(reply)),
    };
  };
