import type { Context } from '../context.ts';
import { UsageMistake } from '../failure.ts';
import type { Planned } from './plan-files.ts';
import { runPlan } from './run-plan.ts';
import { planAsJson, planInWords } from './show-plan.ts';

/** How a plan is to be done: without being asked, or only shown. */
export type ApplyOptions = { readonly yes?: true; readonly dryRun?: true };

/** Shows what would be done. */
export const showPlan = ({ show }: Context, { plan, preview }: Planned): void =>
  show(planAsJson(plan, preview), () => planInWords(plan, preview));

const agree = async ({ terminal, isJson }: Context): Promise<boolean> => {
  if (terminal.ask === null || isJson)
    throw new UsageMistake(
      'Nobody is here to agree to this plan. Look at it with “remit plan” or --dry-run, then give --yes.',
    );
  return /^y(es)?$/i.test((await terminal.ask('\nDo this? [y/N] ')).trim());
};

/** Shows a plan, asks, and does it. With --json only what was done is printed. */
export const applyPlanned = async (
  context: Context,
  planned: Planned,
  { yes, dryRun }: ApplyOptions,
): Promise<void> => {
  const isSilent = context.isJson && dryRun !== true;
  if (!isSilent) showPlan(context, planned);
  if (dryRun === true || (planned.plan.steps.length === 0 && !isSilent)) return;
  if (planned.plan.steps.length > 0 && yes !== true && !(await agree(context))) {
    context.terminal.complain('Nothing was changed.');
    context.endWith(1);
    return;
  }
  await runPlan(context, planned);
};
