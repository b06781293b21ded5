import { changeInTurn } from '../../directory/index.ts';
import { CAPABILITIES, type Capability, type CapabilityAccess, type Doer, Refusal } from '../../kernel/index.ts';
import { fingerprint } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { changeRoleTab } from '../roles/change-role-tab.ts';
import type { CapabilityCeiling } from '../rules/capabilities.ts';
import type { RoleAccess } from '../rules/types.ts';
import { capabilityStore } from './store.ts';

/** Capabilities switched on or off; those that are left out stay. */
export type CapabilitySwitches = Readonly<Partial<Record<Capability, boolean>>>;

/** Names what the organisation's switches say. */
export const ceilingVersion = ({ capabilitiesOff }: CapabilityCeiling): string =>
  fingerprint([...capabilitiesOff].sort());

/** Names what a role's Capabilities tab says. */
export const roleCapabilitiesVersion = ({ capabilities: { access, selected } }: RoleAccess): string =>
  fingerprint([access, [...selected].sort()]);

const conflict = (version: string): Refusal =>
  new Refusal('conflict', 'Somebody else changed the capabilities meanwhile. Reload to see them, then save again.', {
    details: { error_code: 'version_conflict', version },
  });

/** Switches capabilities on or off for the whole organisation: the ceiling over every role and member. */
export const switchCapabilities =
  ({ database, changePolicy, record }: AccessDeps) =>
  (switches: CapabilitySwitches, by: Doer, ifVersion?: string): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = capabilityStore(sql);
      const before = await store.readCeiling();
      if (ifVersion !== undefined && ifVersion !== ceilingVersion(before)) throw conflict(ceilingVersion(before));
      const changed = CAPABILITIES.filter(
        (one) => switches[one] !== undefined && switches[one] === before.capabilitiesOff.has(one),
      );
      if (changed.length === 0) return;
      await store.writeSwitches(new Map(changed.map((one) => [one, switches[one] === true])));
      await changePolicy(sql, { entity: 'capabilities', id: 'all' });
      await record(sql, by, {
        type: 'claude_organization_settings_updated',
        updates: changed.map((one) => ({
          type: `capability_${one}`,
          previous_value: switches[one] !== true,
          current_value: switches[one] === true,
        })),
      });
    });

/** A change of a role's Capabilities tab. */
export type RoleCapabilityChange = {
  readonly access?: CapabilityAccess | undefined;
  readonly capabilities?: CapabilitySwitches | undefined;
};

/** Changes what a custom role grants of capabilities; what is left out stays. */
export const changeRoleCapabilities =
  (deps: AccessDeps) =>
  (roleId: string, change: RoleCapabilityChange, by: Doer, ifVersion?: string): Promise<void> =>
    changeRoleTab(deps)(
      {
        roleId,
        ifVersion,
        versionOf: roleCapabilitiesVersion,
        edit: async (role) => {
          const selected = new Set(role.capabilities.selected);
          for (const one of CAPABILITIES) {
            if (change.capabilities?.[one] === true) selected.add(one);
            if (change.capabilities?.[one] === false) selected.delete(one);
          }
          return { ...role, capabilities: { access: change.access ?? role.capabilities.access, selected } };
        },
        write: (role, sql) => capabilityStore(sql).writeRole(roleId, role.capabilities),
      },
      by,
    );
