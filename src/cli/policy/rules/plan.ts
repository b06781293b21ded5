import type { Declared } from './declared.ts';
import { findHolders } from './holders.ts';
import { planConnectors } from './plan-connectors.ts';
import { planLimits } from './plan-limits.ts';
import { planOrganisation } from './plan-organisation.ts';
import { planPeople } from './plan-people.ts';
import { planRates } from './plan-rates.ts';
import { planRoles } from './plan-roles.ts';
import { planSpend } from './plan-spend.ts';
import type { State } from './state.ts';
import type { Plan, Step } from './step.ts';

/**
 * What has to be done so that the organisation is what the files say, in an order in which each step finds what it needs
 * and nobody is without access in between: what is new is created and restricted before it is attached, and what goes
 * goes last. All rules about models change in one call, all or none.
 */
export const makePlan = (declared: Declared, state: State): Plan => {
  const organisation = planOrganisation(declared.organisation, state.organisation);
  const roles = planRoles(declared, state, organisation);
  const people = planPeople(declared, state, roles);
  const connectors = planConnectors(declared.connectors, state.connectors);
  const holders = findHolders(declared, state);
  const limits = planLimits(declared, state, holders.found);
  const spend = planSpend(declared.organisation, state.spend);
  const rates = planRates(declared.organisation, state.rates, holders.found);
  const edits = [...organisation.edits, ...roles.edits];
  const models: readonly Step[] =
    edits.length === 0
      ? []
      : [
          {
            action: { kind: 'edit-models', edits, ifVersion: state.organisation.version },
            lines: [...organisation.lines, ...roles.lines],
          },
        ];
  return {
    steps: [
      ...organisation.steps,
      ...spend.steps,
      ...rates.steps,
      ...connectors.steps,
      ...roles.openings,
      ...models,
      ...roles.tabs,
      ...people.openings,
      // Before anybody is in a group that is new.
      ...limits.steps,
      ...rates.lower,
      ...people.steps,
      ...people.deletions,
      ...roles.deletions,
      ...connectors.deletions,
    ],
    problems: [
      ...[...organisation.problems, ...roles.problems, ...people.problems, ...connectors.problems],
      ...[...holders.problems, ...limits.problems, ...spend.problems, ...rates.problems],
    ],
    notes: people.notes,
  };
};
