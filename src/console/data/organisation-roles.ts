import type { OrganisationRole } from '../../kernel/index.ts';

const NAMES: Readonly<Record<OrganisationRole, string>> = {
  primary_owner: 'Primary owner',
  owner: 'Owner',
  membership_admin: 'Admin',
  user: 'User',
  managed: 'Custom',
};

/** An organisation role as people read it. */
export const roleName = (role: OrganisationRole): string => NAMES[role];

/** The organisation roles that can be given, with what each of them means. */
export const ASSIGNABLE_ROLES = [
  { value: 'user', label: 'User', meaning: 'Every model the organisation allows; no administration.' },
  { value: 'managed', label: 'Custom', meaning: 'Only what custom roles grant, through groups or directly.' },
  { value: 'membership_admin', label: 'Admin', meaning: 'Manages members and keys and sees requests.' },
  { value: 'owner', label: 'Owner', meaning: 'May change everything.' },
] as const;

/** An organisation role that can be given. */
export type AssignableRole = (typeof ASSIGNABLE_ROLES)[number]['value'];

/** Narrows what a select answers. */
export const isAssignableRole = (value: string | null): value is AssignableRole =>
  ASSIGNABLE_ROLES.some((role) => role.value === value);
