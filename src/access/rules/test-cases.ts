import { expect } from 'vitest';
import { type Changes, type Decision, type Reason, refusalOf } from './decision.ts';
import { explain } from './reasons.ts';
import { answer, member, organisation, type Rows, wants } from './test-facts.ts';
import type { OrganisationAccess, RoleAccess, Wanted } from './types.ts';

/** A request under a policy, with the answer and the explanation wanted. */
export type Case = {
  readonly name: string;
  readonly rows?: Rows;
  readonly more?: Partial<OrganisationAccess>;
  /** Roles make the caller a Custom member; without them it is an ordinary one. */
  readonly roles?: readonly RoleAccess[];
  readonly asked: readonly [model: string, more?: Partial<Wanted>];
  readonly wanted: {
    readonly effect: Decision['effect'];
    readonly used?: string | null;
    readonly effort?: string | null;
    readonly changes?: Changes;
    readonly reasons: readonly Reason[];
    /** What the person who asked reads of the finding that matters: the refusal, else the last. */
    readonly told?: RegExp;
  };
};

/** The reason of a model that may be used. */
export const PERMITTED = 'model-permitted';
/** The reason of an effort that may be used. */
export const WITHIN = 'effort-within-cap';

/** Decides a case and compares everything it states. */
export const check = ({ rows, more, roles, asked: [model, rest], wanted }: Case) => {
  const principal = roles === undefined ? member([], 'user') : member(roles);
  const decision = answer(organisation(rows, more), principal, wants(model, rest));
  const telling = refusalOf(decision) ?? decision.findings.at(-1);
  expect(decision.findings.map(({ reason }) => reason)).toEqual(wanted.reasons);
  expect(decision.effect).toBe(wanted.effect);
  expect(decision.policyVersion).toBe(7);
  if (wanted.used !== undefined) expect(decision.model.used).toBe(wanted.used);
  if (wanted.effort !== undefined) expect(decision.effort.used).toBe(wanted.effort);
  if (wanted.changes !== undefined) expect(decision.changes).toEqual(wanted.changes);
  if (wanted.told !== undefined) expect(telling && explain(telling, 'member')).toMatch(wanted.told);
};
