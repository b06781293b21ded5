import { ApiError } from '../../platform/contract.ts';
import type { Context } from '../context.ts';
import { Unfulfilled } from '../failure.ts';
import { applyPlan } from './apply-plan.ts';
import type { Planned } from './plan-files.ts';
import type { Step } from './rules/step.ts';
import { lineInWords, linesOf } from './show-plan.ts';

const reasonOf = (error: unknown, { action }: Step): string => {
  if (error instanceof ApiError && error.details?.error_code === 'version_conflict')
    return action.kind === 'edit-models'
      ? 'Somebody else changed the rules about models since this plan was made.'
      : 'Somebody else changed this since the plan was made.';
  return error instanceof Error ? error.message : String(error);
};

const indented = (steps: readonly Step[]): readonly string[] =>
  linesOf({ steps }).map((line) => `  ${lineInWords(line)}`);

const asJson = (steps: readonly Step[], status: 'done' | 'failed' | 'not_tried') =>
  steps.flatMap(({ action, lines }) =>
    lines.map(({ change, sentence }) => ({ change, action: action.kind, sentence, status })),
  );

/**
 * Does what was planned and tells of each step. Throws {@link Unfulfilled} when one fails: with what was done, what was
 * not, and why.
 */
export const runPlan = async ({ call, terminal, isJson }: Context, { plan, state }: Planned): Promise<void> => {
  const total = linesOf(plan).length;
  if (!isJson && total > 0) terminal.print('');
  const hear = ({ lines }: Step): void => {
    if (!isJson) for (const line of lines) terminal.print(`  done  ${lineInWords(line)}`);
  };
  const { done, failed, left } = await applyPlan(plan, { call, state, hear });
  if (isJson) {
    const changes = [
      ...asJson(done, 'done'),
      ...asJson(failed === null ? [] : [failed.step], 'failed'),
      ...asJson(left, 'not_tried'),
    ];
    terminal.print(JSON.stringify({ type: 'policy_applied', complete: failed === null, changes }, null, 2));
  } else if (failed === null) terminal.print(`\nApplied: ${total} change${total === 1 ? '' : 's'}.`);
  if (failed === null) return;
  throw new Unfulfilled(
    [
      `This step failed: ${reasonOf(failed.error, failed.step)}`,
      ...indented([failed.step]),
      ...(left.length === 0 ? [] : ['Not tried:', ...indented(left)]),
      'What is done stays done. Run the command again: it does the rest.',
    ].join('\n'),
  );
};
