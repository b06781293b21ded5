import type { FindingEffect, Reason, ReasonFacts, RoleHolder } from './decision.ts';

/** Who reads a sentence: somebody who can change the policy, or the person (or job) whose request it was. */
export type Audience = 'administrator' | 'member';

/** The two sentences of a reason. */
export type Sentences<R extends Reason> = Readonly<
  Record<Audience, (because: ReasonFacts[R], effect: FindingEffect) => string>
>;

/** Names as a sentence lists them. */
export const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** Some names, and how many more there are. */
export const someOf = (names: readonly string[], total: number): string => {
  const rest = total - names.length;
  return listOf(rest > 0 ? [...names, `${rest} more`] : names);
};

/** Roles as a sentence names them. */
export const quotedRoles = ({
  roles,
  rolesTotal,
}: {
  readonly roles: readonly string[];
  readonly rolesTotal: number;
}): string =>
  someOf(
    roles.map((role) => `“${role}”`),
    rolesTotal,
  );

/** Whose roles they are. */
export const holderIn = (holder: RoleHolder): string =>
  holder.kind === 'service' ? `group “${holder.group}”, which owns this key,` : 'member';
