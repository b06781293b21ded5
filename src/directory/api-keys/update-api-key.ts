import type { NewActivity, Update } from '../../activity/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { apiKeyStore, type StoredApiKey } from './store.ts';

export type ApiKeyChanges = {
  readonly name?: string | undefined;
  readonly status?: 'active' | 'inactive' | 'archived' | undefined;
};

/** Renames a key or changes its status. Archived is for good; inactive can be undone. */
export const updateApiKey =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (id: string, changes: ApiKeyChanges, by: Doer): Promise<StoredApiKey> =>
    changeInTurn(database, async (sql) => {
      const keys = apiKeyStore(sql);
      const key = await keys.find(id);
      if (key === undefined || key.kind === 'admin') throw notFound('API key', id);
      if (key.status === 'archived' && changes.status !== undefined && changes.status !== 'archived')
        throw new Refusal('invalid_request', 'An archived key stays archived. Create a new one.');
      const next = { ...key, name: changes.name ?? key.name, status: changes.status ?? key.status };
      await keys.update(id, { name: next.name, status: next.status });
      await changePolicy(sql, { entity: 'api_key', id });
      await record(sql, by, ...whatChanged(key, next));
      return next;
    });

const whatChanged = (before: StoredApiKey, after: StoredApiKey): readonly NewActivity[] => {
  if (after.group_id !== null && after.status === 'archived' && before.status !== 'archived')
    return [{ type: 'service_key_revoked', service_key_id: after.id, service_name: after.group_id }];
  const updates: Update[] = (['name', 'status'] as const)
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ type: field, previous_value: before[field], current_value: after[field] }));
  return updates.length === 0 ? [] : [{ type: 'platform_api_key_updated', api_key_id: after.id, updates }];
};
