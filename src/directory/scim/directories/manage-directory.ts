import type { Update } from '../../../activity/index.ts';
import { type Doer, Refusal } from '../../../kernel/index.ts';
import { isUniqueViolation } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { type Directory, directoryStore } from '../store/directory-store.ts';
import type { Tables } from '../tables.ts';
import { newToken } from './new-token.ts';

/** What an administrator settles about a directory. */
export type Settings = {
  readonly name: string;
  readonly mode: Directory['mode'];
  readonly authoritative_domains: readonly string[];
  readonly maps_roles: boolean;
  readonly removal_share_percent: number;
};

const refuseTakenName =
  (name: string | undefined) =>
  (error: unknown): never => {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal('conflict', `There is a directory named "${name}" already. Choose another name.`);
  };

/** Makes a directory with its first token, whose secret is answered here and kept nowhere. */
export const createDirectory =
  ({ database, record, now, newId }: DirectoryDeps) =>
  (
    settings: Omit<Settings, 'maps_roles'>,
    by: Doer,
  ): Promise<{ readonly directory: Directory; readonly token: string }> =>
    database
      .transaction(async (sql) => {
        const at = now();
        const directory: Directory = {
          ...settings,
          id: newId('directory'),
          authoritative_domains: settings.authoritative_domains.join(' '),
          maps_roles: 0,
          created_at: at,
          updated_at: at,
        };
        const { row, token } = newToken({ newId, now }, directory.id);
        await directoryStore(sql).insert(directory);
        await directoryStore(sql).insertToken(row);
        await record(sql, by, { type: 'org_directory_sync_add_initiated', directory_id: directory.id });
        return { directory, token };
      })
      .catch(refuseTakenName(settings.name));

/** Finds a directory; one that there is not is `not_found`. */
export const findDirectory = async (sql: Parameters<typeof directoryStore>[0], id: string): Promise<Directory> => {
  const directory = await directoryStore(sql).find(id);
  if (directory === undefined) throw notFound('directory', id);
  return directory;
};

const settingsOf = (directory: Directory): Settings => ({
  name: directory.name,
  mode: directory.mode,
  authoritative_domains: domainsOf(directory),
  maps_roles: directory.maps_roles === 1,
  removal_share_percent: directory.removal_share_percent,
});

/** The domains whose members the directory may take over. */
export const domainsOf = ({ authoritative_domains: domains }: Directory): readonly string[] =>
  domains.split(' ').filter((domain) => domain !== '');

/** Changes a directory's settings. */
export const updateDirectory =
  ({ database, record, now }: DirectoryDeps) =>
  (
    id: string,
    changes: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
    by: Doer,
  ): Promise<Directory> =>
    changeInTurn(database, async (sql) => {
      const before = await findDirectory(sql, id);
      const updates = updatesOf(settingsOf(before), changes);
      if (updates.length === 0) return before;
      const { authoritative_domains: domains, maps_roles: mapsRoles, ...plain } = changes;
      await directoryStore(sql).update(id, {
        ...plain,
        ...(domains === undefined ? {} : { authoritative_domains: domains.join(' ') }),
        ...(mapsRoles === undefined ? {} : { maps_roles: mapsRoles ? 1 : 0 }),
        updated_at: now(),
      });
      await record(sql, by, { type: 'remit_directory_updated', directory_id: id, updates });
      return findDirectory(sql, id);
    }).catch(refuseTakenName(changes.name));

const updatesOf = (before: Settings, changes: { readonly [name: string]: unknown }): readonly Update[] =>
  Object.entries(before).flatMap(([name, previous]) => {
    const current = changes[name] ?? previous;
    if (JSON.stringify(previous) === JSON.stringify(current)) return [];
    return [{ type: name, previous_value: previous, current_value: current }];
  });

/** Removes a directory. Its people and groups stay as they are and are managed here from then on. */
export const deleteDirectory =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      await findDirectory(sql, id);
      const tables = sql.tables<Tables>();
      const own = tables.selectFrom('scim_groups').select('group_id').where('directory_id', '=', id);
      const groups = await tables
        .updateTable('rbac_groups')
        .set({ source_type: 'direct', updated_at: now() })
        .where('id', 'in', own)
        .returning('id')
        .execute();
      await directoryStore(sql).remove(id);
      if (groups.length > 0)
        await changePolicy(sql, ...groups.map((group) => ({ entity: 'group' as const, id: group.id })));
      await record(sql, by, { type: 'org_directory_sync_deleted', directory_id: id });
    });
