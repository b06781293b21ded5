import { Command, CommanderError, Option } from 'commander';
import { addAccess } from './commands/access.ts';
import { addDecisions } from './commands/decisions.ts';
import { addEmergencyOwner } from './commands/emergency-owner.ts';
import { addKeys } from './commands/keys.ts';
import { addLedger } from './commands/ledger.ts';
import { addLimits } from './commands/limits/limits.ts';
import { addMembers } from './commands/members.ts';
import { addModels } from './commands/models.ts';
import { addPolicy, addSchema } from './commands/policy.ts';
import { addPrepaid } from './commands/prepaid.ts';
import { addPrices } from './commands/prices.ts';
import { addRates } from './commands/rates/rates.ts';
import { addRerate } from './commands/rerate.ts';
import { addServe } from './commands/serve.ts';
import { addSpend } from './commands/spend.ts';
import { addStatus } from './commands/status.ts';
import { createOpenContext, type ExitCode, type GlobalOptions } from './context.ts';
import { describeFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

export type Run = {
  /** What follows the name of the program. */
  readonly args: readonly string[];
  readonly version: string;
  readonly terminal: Terminal;
};

const DEFAULT_URL = 'http://127.0.0.1:8484';

const createProgram = ({ version, terminal }: Run, endWith: (code: ExitCode) => void): Command => {
  const program = new Command('remit')
    .description('Decide who may use which Claude model, and see what was decided')
    .version(version)
    .addOption(new Option('--url <url>', 'where Remit answers').env('REMIT_URL').default(DEFAULT_URL))
    .addOption(new Option('--key <key>', 'an admin key').env('REMIT_ADMIN_KEY'))
    .option('--json', "print the server's reply as JSON")
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    })
    .exitOverride();
  const open = createOpenContext(terminal, endWith);
  addServe(program);
  addEmergencyOwner(program, terminal);
  for (const add of [
    addStatus,
    addMembers,
    addKeys,
    addAccess,
    addDecisions,
    addModels,
    addLimits,
    addRates,
    addPrepaid,
    addSpend,
    addPrices,
    addRerate,
    addLedger,
    addPolicy,
  ])
    add(program, open);
  addSchema(program, terminal);
  return program;
};

// With this option 2 means that changes are pending, and a mistyped call must not look like that.
const mistakeCode = ({ args }: Run): ExitCode => (args.includes('--detailed-exitcode') ? 1 : 2);

/** Runs one command; answers the exit code: 0, 1 for what failed, 2 for a mistake in the call. Never rejects. */
export const runCommand = async (run: Run): Promise<ExitCode> => {
  let ending: ExitCode = 0;
  const program = createProgram(run, (code) => {
    ending = code;
  });
  try {
    await program.parseAsync(run.args, { from: 'user' });
    return ending;
  } catch (error) {
    // Commander has said already what is wrong, or has shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : mistakeCode(run);
    const { line, exitCode } = describeFailure(error, program.opts<GlobalOptions>().url);
    run.terminal.complain(line);
    return exitCode === 2 ? mistakeCode(run) : exitCode;
  }
};
