import { notFound } from '../../directory/index.ts';
import { CAPABILITIES, type Capability } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { CAPABILITY_INFO, type CapabilityCeiling, roleGrants } from '../rules/capabilities.ts';
import type { RoleAccess } from '../rules/types.ts';
import { accessStore } from '../store.ts';
import {
  ceilingVersion,
  changeRoleCapabilities,
  roleCapabilitiesVersion,
  switchCapabilities,
} from './change-capabilities.ts';
import * as contract from './contract.ts';
import { capabilityStore } from './store.ts';

/** A capability with its words, as the API shows it. */
export const describeCapability = (id: Capability) => {
  const { title, kind, stage, enforcedBy, shownBy } = CAPABILITY_INFO[id];
  return { id, title, kind, stage, enforced_by: enforcedBy, shown_by: shownBy };
};

const toSettings = (ceiling: CapabilityCeiling): contract.CapabilitySettings => ({
  type: 'capability_settings',
  version: ceilingVersion(ceiling),
  capabilities: CAPABILITIES.map((id) => ({
    ...describeCapability(id),
    enabled: !ceiling.capabilitiesOff.has(id),
    forced: ceiling.capabilityOverrides.get(id) ?? null,
  })),
});

const lockOn = ({ capabilitiesOff, capabilityOverrides }: CapabilityCeiling, id: Capability) => {
  const forced = capabilityOverrides.get(id);
  if (forced !== undefined) return forced === 'off' ? ('installation' as const) : null;
  return capabilitiesOff.has(id) ? ('organization' as const) : null;
};

const toRole = (role: RoleAccess, ceiling: CapabilityCeiling): contract.RoleCapabilities => ({
  type: 'role_capabilities',
  role_id: role.id,
  version: roleCapabilitiesVersion(role),
  access: role.capabilities.access,
  capabilities: CAPABILITIES.map((id) => ({
    ...describeCapability(id),
    selected: role.capabilities.selected.has(id),
    granted: roleGrants(role.capabilities, id),
    locked_by: lockOn(ceiling, id),
  })),
});

/** Binds the endpoints about capabilities to their operations. */
export const capabilityRoutes = (deps: AccessDeps): readonly Route[] => {
  const capabilities = capabilityStore(deps.database);
  const show = async () => toSettings(await capabilities.readCeiling());
  const showRole = async (id: string): Promise<contract.RoleCapabilities> => {
    const role = (await accessStore(deps.database).readRoles([id])).get(id);
    if (role === undefined) throw notFound('custom role', id);
    return toRole(role, await capabilities.readCeiling());
  };
  return [
    route(contract.getCapabilities, show),
    route(contract.setCapabilities, async ({ body, by }) => {
      await switchCapabilities(deps)(body.capabilities, by, body.if_version);
      return show();
    }),
    route(contract.getRoleCapabilities, ({ params }) => showRole(params.role_id)),
    route(contract.setRoleCapabilities, async ({ params, body, by }) => {
      const { if_version: ifVersion, ...change } = body;
      await changeRoleCapabilities(deps)(params.role_id, change, by, ifVersion);
      return showRole(params.role_id);
    }),
  ];
};
