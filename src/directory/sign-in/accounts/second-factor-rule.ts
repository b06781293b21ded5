import type { OrganisationRole } from '../../../kernel/index.ts';
import type { AuthMethod, SecondFactorRule } from '../tables.ts';

const OWNERS: ReadonlySet<OrganisationRole> = new Set(['primary_owner', 'owner']);

/** Whether the organisation asks members of a role for a second factor when they sign in by password. */
export const isSecondFactorRequired = (rule: SecondFactorRule, role: OrganisationRole): boolean => {
  switch (rule) {
    case 'optional':
      return false;
    case 'owners':
      return OWNERS.has(role);
    case 'admins':
      return OWNERS.has(role) || role === 'membership_admin';
    case 'everybody':
      return true;
    default: {
      const unexpected: never = rule;
      return unexpected;
    }
  }
};

/** Whether a way of signing in is ours, so that the second factor is ours to ask for; a provider asks for its own. */
export const isLocal = (method: AuthMethod | null): boolean => method !== 'sso';
