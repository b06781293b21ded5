import { bySystem, Refusal } from '../../kernel/index.ts';
import { hashSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { hintOf } from './create-api-key.ts';
import { apiKeyStore } from './store.ts';

const BY_CONFIGURATION = bySystem('configuration');

const madeHere = () =>
  new Refusal(
    'conflict',
    'The admin key of the configuration is the secret of a key that was created here. Choose a secret of its own.',
  );

/**
 * Makes the admin key of the configuration the one that is accepted: a key that an earlier configuration gave is
 * archived, and without a configured key none of them works. Refuses (`conflict`) the secret of a key that was created here.
 */
export const acceptConfiguredKey =
  ({ database, changePolicy, record, now, newId }: DirectoryDeps) =>
  (secret: string | undefined): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const keys = apiKeyStore(sql);
      const wanted = secret === undefined ? undefined : hashSecret(secret);
      for (const old of await keys.findFromConfig()) {
        if (old.secret_hash === wanted) continue;
        await keys.update(old.id, { status: 'archived' });
        await changePolicy(sql, { entity: 'api_key', id: old.id });
        const updates = [{ type: 'status', previous_value: old.status, current_value: 'archived' }];
        await record(sql, BY_CONFIGURATION, { type: 'admin_api_key_updated', admin_api_key_id: old.id, updates });
      }
      if (secret === undefined || wanted === undefined) return;
      const known = await keys.findByHash(wanted);
      if (known !== undefined && known.origin !== 'config') throw madeHere();
      if (known?.status === 'active') return;
      const id = known?.id ?? newId('apiKey');
      if (known !== undefined) await keys.update(id, { status: 'active' });
      else
        await keys.insert({
          id,
          kind: 'admin',
          name: 'Admin key of the configuration',
          secret_hash: wanted,
          hint: hintOf(secret),
          user_id: null,
          group_id: null,
          status: 'active',
          origin: 'config',
          created_by: null,
          created_at: now(),
          expires_at: null,
          workspace_id: null,
          scopes: null,
        });
      await changePolicy(sql, { entity: 'api_key', id });
      await record(sql, BY_CONFIGURATION, { type: 'admin_api_key_created', admin_api_key_id: id, scopes: [] });
    });
