import { Refusal } from '../../kernel/index.ts';
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
  ({ database, changePolicy }: DirectoryDeps) =>
  (id: string, changes: ApiKeyChanges): Promise<StoredApiKey> =>
    changeInTurn(database, async (sql) => {
      const keys = apiKeyStore(sql);
      const key = await keys.find(id);
      if (key === undefined || key.kind === 'admin') throw notFound('API key', id);
      if (key.status === 'archived' && changes.status !== undefined && changes.status !== 'archived')
        throw new Refusal('invalid_request', 'An archived key stays archived. Create a new one.');
      const next = { ...key, name: changes.name ?? key.name, status: changes.status ?? key.status };
      await keys.update(id, { name: next.name, status: next.status });
      await changePolicy(sql, { entity: 'api_key', id });
      return next;
    });
