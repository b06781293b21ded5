import { type ChangePolicy, changeInTurn } from '../directory/index.ts';
import type { Database } from '../platform/index.ts';
import type { Model } from './rules/model.ts';
import type { ModelInfo } from './rules/model-info.ts';
import { accessStore } from './store.ts';

type Deps = { readonly database: Database; readonly changePolicy: ChangePolicy; readonly now: () => number };

/**
 * Gives every model the organisation has no rule for its first one: on at the very first start, afterwards as the
 * organisation's setting for new models says. Answers the ids that were new.
 */
export const registerModels =
  ({ database, changePolicy }: Deps) =>
  (models: readonly Pick<Model, 'id'>[]): Promise<readonly string[]> =>
    changeInTurn(database, async (sql) => {
      const store = accessStore(sql);
      const organisation = await store.readOrganisation();
      const fresh = models.filter(({ id }) => !organisation.models.has(id));
      if (fresh.length === 0) return [];
      const enabled = organisation.models.size === 0 || organisation.newModels === 'on';
      const access = new Map(organisation.models);
      for (const { id } of fresh) access.set(id, { enabled, maxEffort: null });
      await store.writeOrganisation({ ...organisation, models: access });
      await store.nextVersion();
      await changePolicy(sql, { entity: 'models', id: 'all' });
      return fresh.map(({ id }) => id);
    });

/** Keeps what the provider says of models the shipped catalogue lacks, and registers them. */
export const rememberDiscoveredModels =
  (deps: Deps) =>
  async (shipped: readonly Model[], listed: readonly ModelInfo[]): Promise<readonly string[]> => {
    const names = new Set(shipped.flatMap((model) => [model.id, ...model.aliases]));
    const unknown = listed.filter(({ id }) => !names.has(id));
    const known = new Map((await accessStore(deps.database).readDiscovered()).map((info) => [info.id, info]));
    const changed = unknown.filter((info) => JSON.stringify(info) !== JSON.stringify(known.get(info.id)));
    if (changed.length === 0) return [];
    await changeInTurn(deps.database, async (sql) => {
      for (const info of changed) await accessStore(sql).writeDiscovered(info, deps.now());
      await deps.changePolicy(sql, { entity: 'models', id: 'all' });
    });
    return registerModels(deps)(changed);
  };
