import type { Command } from 'commander';
import type { OpenContext } from '../../context.ts';
import { planImport } from '../../limits-file/plan-import.ts';
import { type ApplyOptions, applyPlanned } from '../../policy/apply-planned.ts';

/** `remit limits import`. */
export const addImport = (limits: Command, open: OpenContext): void => {
  limits
    .command('import <file>')
    .description(
      'set the limits that stand in a CSV file, as “limits list --csv” writes it, after showing the difference; others stay. “-” is standard input',
    )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'only show what would be done')
    .action(async (file: string, options: ApplyOptions, command: Command) => {
      const context = open(command);
      await applyPlanned(context, await planImport(context.call, file), options);
    });
};
