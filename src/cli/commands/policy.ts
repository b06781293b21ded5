import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { OpenContext } from '../context.ts';
import { several } from '../options.ts';
import { type ApplyOptions, applyPlanned, showPlan } from '../policy/apply-planned.ts';
import { readWholeState } from '../policy/export-state.ts';
import { policySchema } from '../policy/file-format.ts';
import { planFiles } from '../policy/plan-files.ts';
import { writePolicy } from '../policy/write-policy.ts';
import type { Terminal } from '../terminal.ts';

const FILES = `file, or folder of .yaml files, that begins with “remit: policy/v1”; “-” is standard input; may be given several times`;

type PlanOptions = { readonly file: readonly string[]; readonly detailedExitcode?: true };
type FileOptions = { readonly file: readonly string[] };

const PENDING = 2;

const addPlan = (program: Command, open: OpenContext): void => {
  program
    .command('plan')
    .description('show what has to change so that the organisation is what policy files say; changes nothing')
    .requiredOption('-f, --file <path>', FILES, several)
    .option('--detailed-exitcode', 'end with 0 when nothing is to be done, 2 when something is, 1 for every failure')
    .action(async ({ file, detailedExitcode }: PlanOptions, command: Command) => {
      const context = open(command);
      const planned = await planFiles(context.call, file);
      showPlan(context, planned);
      if (detailedExitcode === true && planned.plan.steps.length > 0) context.endWith(PENDING);
    });
};

const addApply = (program: Command, open: OpenContext): void => {
  program
    .command('apply')
    .description(
      'bring groups, roles, model access, connectors, limits and rates to what policy files say, after showing the difference',
    )
    .requiredOption('-f, --file <path>', FILES, several)
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what would be done, as “remit plan” does')
    .action(async ({ file, ...options }: FileOptions & ApplyOptions, command: Command) => {
      const context = open(command);
      await applyPlanned(context, await planFiles(context.call, file), options);
    });
};

const addExport = (program: Command, open: OpenContext): void => {
  program
    .command('export')
    .description('write the organisation as it is as a policy file')
    .option('-o, --output <file>', 'the file to write; standard output when left out')
    .action(async ({ output }: { readonly output?: string }, command: Command) => {
      const { call, terminal } = open(command);
      const text = writePolicy(await readWholeState(call));
      if (output === undefined) terminal.print(text.trimEnd());
      else {
        writeFileSync(output, text);
        terminal.complain(`The policy is in ${output}.`);
      }
    });
};

/** `remit plan`, `apply`, `export` and `schema`: the organisation's policy as files. */
export const addPolicy = (program: Command, open: OpenContext): void => {
  addPlan(program, open);
  addApply(program, open);
  addExport(program, open);
};

/** `remit schema`, which needs no server. */
export const addSchema = (program: Command, { print }: Terminal): void => {
  program
    .command('schema')
    .description('print the JSON Schema of policy files, for editors')
    .action(() => print(JSON.stringify(policySchema(), null, 2)));
};
