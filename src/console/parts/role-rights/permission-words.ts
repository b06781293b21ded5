import type { PermissionArea, PermissionLevel } from '../../../kernel/index.ts';

type AreaWords = { readonly name: string; readonly covers: string; readonly warning?: string };

/** The areas of administration as people read them, with what each covers. */
export const AREAS: Readonly<Record<PermissionArea, AreaWords>> = {
  identity: {
    name: 'Identity & access',
    covers: 'Groups, custom roles, models, sign-in, identity providers and provisioning.',
    warning: 'Whoever manages this can give themselves further roles; that is recorded like every change.',
  },
  users: {
    name: 'User management',
    covers: 'Members, invites, organisation roles below administrators, suspension and removal.',
  },
  billing: { name: 'Billing', covers: 'Spend, limits, seats and prices.' },
  analytics: { name: 'Analytics', covers: 'Requests, usage and adoption.' },
  privacy: { name: 'Privacy', covers: 'The feed of activities, retention, exports and conversations.' },
  libraries: { name: 'Libraries', covers: 'Connectors: MCP servers and the organisation’s word on their tools.' },
};

/** The levels as people read them. */
export const LEVEL_NAMES: Readonly<Record<PermissionLevel, string>> = {
  none: 'No access',
  view: 'Can view',
  manage: 'Can manage',
};
