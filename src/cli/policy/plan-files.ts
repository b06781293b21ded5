import type { Call } from '../../platform/contract.ts';
import { Unfulfilled } from '../failure.ts';
import { extentOf } from './extent.ts';
import { type Preview, previewPlan } from './preview-plan.ts';
import { type Policy, readPolicy } from './read-files.ts';
import { readState } from './read-state.ts';
import { makePlan } from './rules/plan.ts';
import type { State } from './rules/state.ts';
import type { Plan } from './rules/step.ts';

/** A plan with what it was made from and what it would do to people. */
export type Planned = { readonly plan: Plan; readonly state: State; readonly preview: Preview };

const refuseProblems = ({ problems }: Plan, { whereIs }: Policy): void => {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, problem }) => `${whereIs(path)}: ${problem}`);
  throw new Unfulfilled([...new Set(lines), 'Nothing was changed.'].join('\n'));
};

/**
 * Reads policy files and the organisation, and plans the difference. Throws {@link Unfulfilled} with everything that is
 * wrong with the files or cannot be done, one to a line.
 */
export const planFiles = async (call: Call, files: readonly string[]): Promise<Planned> => {
  const policy = readPolicy(files);
  const state = await readState(call, extentOf(policy.declared));
  const plan = makePlan(policy.declared, state);
  refuseProblems(plan, policy);
  const preview = await previewPlan(call, plan, state);
  if (preview.kind === 'refused') throw new Unfulfilled(`${preview.reason}\nNothing was changed.`);
  return { plan, state, preview };
};
