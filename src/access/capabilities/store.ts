import type { WantedIds } from '../../directory/index.ts';
import { CAPABILITIES, type Capability } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { CapabilityCeiling, CapabilityOverrides, RoleCapabilities } from '../rules/capabilities.ts';
import type { CapabilityTables } from './tables.ts';

const KNOWN: ReadonlySet<string> = new Set(CAPABILITIES);

const isKnown = ({ capability }: { readonly capability: Capability }): boolean => KNOWN.has(capability);

/** Where capabilities live; rows that name one this version does not know are left alone and not answered. */
export const capabilityStore = (sql: Sql) => {
  const tables = sql.tables<CapabilityTables>();
  return {
    readCeiling: async (): Promise<CapabilityCeiling> => {
      const [switches, overrides] = await Promise.all([
        tables.selectFrom('organization_capabilities').selectAll().execute(),
        tables.selectFrom('capability_overrides').selectAll().execute(),
      ]);
      return {
        capabilitiesOff: new Set(
          switches.filter((row) => isKnown(row) && row.enabled === 0).map(({ capability }) => capability),
        ),
        capabilityOverrides: new Map(overrides.filter(isKnown).map((row) => [row.capability, row.override])),
      };
    },
    /** Switches capabilities on or off for the organisation. */
    writeSwitches: async (switches: ReadonlyMap<Capability, boolean>): Promise<void> => {
      for (const [capability, isOn] of switches) {
        const enabled = isOn ? 1 : 0;
        await tables
          .insertInto('organization_capabilities')
          .values({ capability, enabled })
          .onConflict((conflict) => conflict.column('capability').doUpdateSet({ enabled }))
          .execute();
      }
    },
    writeOverrides: async (overrides: CapabilityOverrides): Promise<void> => {
      await tables.deleteFrom('capability_overrides').execute();
      const rows = [...overrides].map(([capability, override]) => ({ capability, override }));
      if (rows.length > 0) await tables.insertInto('capability_overrides').values(rows).execute();
    },
    /** The Capabilities tabs of these roles that have been touched, by role. */
    readRoles: async (wanted: WantedIds): Promise<ReadonlyMap<string, RoleCapabilities>> => {
      let settingsOf = tables.selectFrom('role_capability_settings').selectAll();
      let rowsOf = tables.selectFrom('role_capabilities').selectAll().orderBy('capability');
      if (wanted !== 'all') {
        settingsOf = settingsOf.where('role_id', 'in', [...wanted]);
        rowsOf = rowsOf.where('role_id', 'in', [...wanted]);
      }
      const [settings, rows] = await Promise.all([settingsOf.execute(), rowsOf.execute()]);
      const byRole = Map.groupBy(rows.filter(isKnown), (row) => row.role_id);
      return new Map(
        settings.map(({ role_id, access }) => [
          role_id,
          { access, selected: new Set((byRole.get(role_id) ?? []).map(({ capability }) => capability)) },
        ]),
      );
    },
    writeRole: async (roleId: string, { access, selected }: RoleCapabilities): Promise<void> => {
      await tables.deleteFrom('role_capability_settings').where('role_id', '=', roleId).execute();
      await tables.deleteFrom('role_capabilities').where('role_id', '=', roleId).execute();
      await tables.insertInto('role_capability_settings').values({ role_id: roleId, access }).execute();
      const rows = [...selected].map((capability) => ({ role_id: roleId, capability }));
      if (rows.length > 0) await tables.insertInto('role_capabilities').values(rows).execute();
    },
  };
};
