import type { RoleHolder } from './decision.ts';
import type { Grant, Principal } from './types.ts';

/** Findings are stored with every request, so they name a few things and count the rest. */
export const NAMED_MAX = 3;

/** Roles as a finding names them. */
export const rolesOf = (grants: readonly Grant[]) => {
  // A role that reaches somebody in two ways is one role.
  const names = new Map(grants.map(({ role }) => [role.id, role.displayName]));
  return { roles: [...names.values()].slice(0, NAMED_MAX), rolesTotal: names.size };
};

/** Whose roles they are, as a finding says it. */
export const holderOf = (principal: Principal): RoleHolder =>
  principal.kind === 'service' ? { kind: 'service', group: principal.groupName } : { kind: 'member' };

/** The grants of somebody, whether or not they bind. */
export const grantsOf = (principal: Principal): readonly Grant[] =>
  principal.kind === 'administrator' ? [] : principal.grants;
