import type { Doer } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { signInStore } from './store.ts';

/** Renames the organisation within a transaction of the caller's, and records it. */
export const renameOrganizationIn =
  ({ record }: Pick<DirectoryDeps, 'record'>) =>
  async (sql: Sql, name: string, by: Doer): Promise<void> => {
    const store = signInStore(sql);
    const before = await store.readOrganization();
    await store.renameOrganization(name);
    const updates = [{ type: 'name', previous_value: before.name, current_value: name }];
    await record(sql, by, { type: 'claude_organization_settings_updated', updates });
  };

/** Renames the organisation. */
export const renameOrganization =
  (deps: DirectoryDeps) =>
  (name: string, by: Doer): Promise<void> =>
    deps.database.transaction((sql) => renameOrganizationIn(deps)(sql, name, by));
