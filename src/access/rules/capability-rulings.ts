import { CAPABILITIES, type Capability } from '../../kernel/index.ts';
import { type CapabilityCeiling, roleGrants } from './capabilities.ts';
import { bindingGrants, type Grant, type Principal } from './types.ts';

/** What somebody has of a capability. `stoppedBy` is the level that stops it, null when it may be used. */
export type CapabilityRuling = {
  readonly capability: Capability;
  readonly allowed: boolean;
  readonly stoppedBy: 'platform' | 'organisation' | 'roles' | null;
  readonly grantedBy: readonly Grant[];
};

/** The level above the roles that stops a capability; `forced` where none can stop it, null where roles decide. */
const ceilingOver = (
  { capabilitiesOff, capabilityOverrides }: CapabilityCeiling,
  capability: Capability,
): 'forced' | 'platform' | 'organisation' | null => {
  const override = capabilityOverrides.get(capability);
  if (override !== undefined) return override === 'on' ? 'forced' : 'platform';
  return capabilitiesOff.has(capability) ? 'organisation' : null;
};

const rule = (
  ceiling: CapabilityCeiling,
  grants: readonly Grant[] | null,
  capability: Capability,
): CapabilityRuling => {
  const above = ceilingOver(ceiling, capability);
  const grantedBy = (grants ?? []).filter(({ role }) => roleGrants(role.capabilities, capability));
  const granted = above === 'forced' || grants === null || grantedBy.length > 0;
  const stoppedBy = above !== null && above !== 'forced' ? above : granted ? null : 'roles';
  return { capability, allowed: stoppedBy === null, stoppedBy, grantedBy };
};

/**
 * Every capability for somebody: the installation's override, then the organisation's switch, then any role that grants it
 * (access reference §3.3). Whom roles do not bind has what the organisation has on.
 */
export const capabilitiesOf = (
  ceiling: CapabilityCeiling,
  principal: Principal,
): ReadonlyMap<Capability, CapabilityRuling> => {
  const grants = bindingGrants(principal);
  return new Map(CAPABILITIES.map((capability) => [capability, rule(ceiling, grants, capability)]));
};
