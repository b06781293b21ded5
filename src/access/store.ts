import { readRoleNames, type WantedIds } from '../directory/index.ts';
import type { Sql } from '../platform/index.ts';
import { capabilityStore } from './capabilities/store.ts';
import { connectorStore, roleConnectorStore } from './connectors/store.ts';
import { NEW_ROLE_CAPABILITIES } from './rules/capabilities.ts';
import { indexConnectors, NEW_ROLE_CONNECTORS } from './rules/connectors.ts';
import type { ModelInfo } from './rules/model-info.ts';
import type { ModelAccess, OrganisationAccess, RoleAccess } from './rules/types.ts';
import type { AccessTables } from './tables.ts';

type AccessRow = { readonly model: string; readonly enabled: number; readonly max_effort: ModelAccess['maxEffort'] };

const toAccess = (rows: readonly AccessRow[]): ReadonlyMap<string, ModelAccess> =>
  new Map(rows.map((row) => [row.model, { enabled: row.enabled === 1, maxEffort: row.max_effort }]));

const toRows = (models: ReadonlyMap<string, ModelAccess>) =>
  [...models].map(([model, { enabled, maxEffort }]) => ({ model, enabled: enabled ? 1 : 0, max_effort: maxEffort }));

/** Where the evaluator's rules live: the organisation's and the custom roles'. What is written here is about models. */
export const accessStore = (sql: Sql) => {
  const tables = sql.tables<AccessTables>();
  return {
    readOrganisation: async (): Promise<OrganisationAccess> => {
      const connectors = connectorStore(sql);
      const [settings, rows, ceiling, registered, unlistedServers] = await Promise.all([
        tables.selectFrom('model_settings').selectAll().executeTakeFirstOrThrow(),
        tables.selectFrom('model_access').selectAll().execute(),
        capabilityStore(sql).readCeiling(),
        connectors.list(),
        connectors.readUnlistedServers(),
      ]);
      return {
        models: toAccess(rows),
        defaultModel: settings.default_model,
        defaultEffort: settings.default_effort,
        effortAction: settings.effort_action,
        newModels: settings.new_models,
        ...ceiling,
        connectors: indexConnectors(registered),
        unlistedServers,
      };
    },
    /** Custom roles with what they grant, by id. */
    readRoles: async (wanted: WantedIds = 'all'): Promise<ReadonlyMap<string, RoleAccess>> => {
      let settingsOf = tables.selectFrom('role_model_settings').selectAll();
      let rowsOf = tables.selectFrom('role_model_access').selectAll();
      if (wanted !== 'all') {
        settingsOf = settingsOf.where('role_id', 'in', [...wanted]);
        rowsOf = rowsOf.where('role_id', 'in', [...wanted]);
      }
      const [names, capabilities, connectors, settings, rows] = await Promise.all([
        readRoleNames(sql, wanted),
        capabilityStore(sql).readRoles(wanted),
        roleConnectorStore(sql).read(wanted),
        settingsOf.execute(),
        rowsOf.execute(),
      ]);
      const settingsById = new Map(settings.map((row) => [row.role_id, row]));
      const rowsById = Map.groupBy(rows, (row) => row.role_id);
      const roles = new Map<string, RoleAccess>();
      for (const [id, displayName] of names) {
        const own = settingsById.get(id);
        roles.set(id, {
          id,
          displayName,
          models: own?.mode === 'selected' ? toAccess(rowsById.get(id) ?? []) : 'all',
          defaultModel: own?.default_model ?? null,
          defaultEffort: own?.default_effort ?? null,
          capabilities: capabilities.get(id) ?? NEW_ROLE_CAPABILITIES,
          connectors: connectors.get(id) ?? NEW_ROLE_CONNECTORS,
        });
      }
      return roles;
    },
    readVersion: async (): Promise<number> =>
      (await tables.selectFrom('model_settings').select('version').executeTakeFirstOrThrow()).version,
    writeOrganisation: async (organisation: OrganisationAccess): Promise<void> => {
      await tables
        .updateTable('model_settings')
        .set({
          default_model: organisation.defaultModel,
          default_effort: organisation.defaultEffort,
          new_models: organisation.newModels,
          effort_action: organisation.effortAction,
        })
        .execute();
      await tables.deleteFrom('model_access').execute();
      const rows = toRows(organisation.models);
      if (rows.length > 0) await tables.insertInto('model_access').values(rows).execute();
    },
    nextVersion: async (): Promise<void> => {
      await tables
        .updateTable('model_settings')
        .set((row) => ({ version: row('version', '+', 1) }))
        .execute();
    },
    writeRole: async (role: RoleAccess): Promise<void> => {
      await tables.deleteFrom('role_model_settings').where('role_id', '=', role.id).execute();
      await tables.deleteFrom('role_model_access').where('role_id', '=', role.id).execute();
      await tables
        .insertInto('role_model_settings')
        .values({
          role_id: role.id,
          mode: role.models === 'all' ? 'all' : 'selected',
          default_model: role.defaultModel,
          default_effort: role.defaultEffort,
        })
        .execute();
      if (role.models === 'all' || role.models.size === 0) return;
      const rows = toRows(role.models).map((row) => ({ ...row, role_id: role.id }));
      await tables.insertInto('role_model_access').values(rows).execute();
    },
    readDiscovered: async (): Promise<readonly ModelInfo[]> => {
      const rows = await tables.selectFrom('discovered_models').select('info').orderBy('id').execute();
      return rows.map(({ info }) => JSON.parse(info) as ModelInfo);
    },
    writeDiscovered: async (info: ModelInfo, at: number): Promise<void> => {
      const row = { id: info.id, info: JSON.stringify(info), seen_at: at };
      await tables
        .insertInto('discovered_models')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ info: row.info, seen_at: at }))
        .execute();
    },
  };
};
