import { z } from 'zod';
import { CAPABILITIES, CAPABILITY_ACCESS } from '../../kernel/index.ts';
import { endpoint } from '../../platform/contract.ts';

const Id = z.enum(CAPABILITIES);
const switches = z.partialRecord(Id, z.boolean());

const described = {
  id: Id,
  title: z.string(),
  kind: z.enum(['product', 'tool', 'feature']),
  stage: z.enum(['generally_available', 'preview']),
  /** `gateway`: Remit refuses the request that shows it. `client`: clients keep to it by the policy they are given. */
  enforced_by: z.enum(['gateway', 'client']),
  /** What a request shows of it, in a sentence. */
  shown_by: z.string(),
};

/** The organisation's switches: the ceiling over all roles and members. `forced` stands above them, by the configuration. */
export const CapabilitySettings = z.object({
  type: z.literal('capability_settings'),
  /** Send it back as `if_version`, so that two administrators cannot overwrite each other. */
  version: z.string(),
  capabilities: z.array(z.object({ ...described, enabled: z.boolean(), forced: z.enum(['on', 'off']).nullable() })),
});
export type CapabilitySettings = z.output<typeof CapabilitySettings>;

/** A custom role's Capabilities tab. */
export const RoleCapabilities = z.object({
  type: z.literal('role_capabilities'),
  role_id: z.string(),
  version: z.string(),
  /** Those selected, all that are generally available, or all; the latter two take in capabilities that are still to come. */
  access: z.enum(CAPABILITY_ACCESS),
  capabilities: z.array(
    z.object({
      ...described,
      selected: z.boolean(),
      /** Whether the role grants it, selected or by `access`. */
      granted: z.boolean(),
      /** The level above that switches it off: the role's own word waits without effect. */
      locked_by: z.enum(['organization', 'installation']).nullable(),
    }),
  ),
});
export type RoleCapabilities = z.output<typeof RoleCapabilities>;

export const getCapabilities = endpoint({
  method: 'GET',
  path: '/v1/organizations/capabilities',
  permission: 'identity:view',
  summary: 'Every capability, whether the organisation has it on, and where it is enforced',
  reply: CapabilitySettings,
});

export const setCapabilities = endpoint({
  method: 'POST',
  path: '/v1/organizations/capabilities',
  permission: 'owner',
  summary: 'Switch capabilities on or off for the whole organisation, owners included',
  records: ['claude_organization_settings_updated'],
  body: z.strictObject({ capabilities: switches, if_version: z.string().optional() }),
  reply: CapabilitySettings,
  errors: ['conflict'],
});

export const getRoleCapabilities = endpoint({
  method: 'GET',
  path: '/v1/organizations/rbac_roles/:role_id/capabilities',
  permission: 'identity:view',
  summary: 'The capabilities a custom role grants',
  reply: RoleCapabilities,
  errors: ['not_found'],
});

export const setRoleCapabilities = endpoint({
  method: 'POST',
  path: '/v1/organizations/rbac_roles/:role_id/capabilities',
  permission: 'identity:manage',
  summary: 'Change the capabilities a custom role grants; what is left out stays',
  records: ['rbac_role_permission_added', 'rbac_role_permission_removed'],
  body: z.strictObject({
    access: z.enum(CAPABILITY_ACCESS).optional(),
    capabilities: switches.optional(),
    if_version: z.string().optional(),
  }),
  reply: RoleCapabilities,
  errors: ['not_found', 'conflict'],
});
