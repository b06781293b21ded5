import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';
import type { WorkspaceRole } from './tables.ts';

export type StoredWorkspace = Readonly<Selectable<DirectoryTables['workspaces']>>;
export type StoredWorkspaceMember = Readonly<Selectable<DirectoryTables['workspace_members']>>;

/** Where in a list to read: one row more than `limit` tells that there are more; with `beforeId` the nearest comes first. */
export type IdWindow = {
  readonly limit: number;
  readonly afterId?: string | undefined;
  readonly beforeId?: string | undefined;
};

type WorkspaceFilter = IdWindow & {
  readonly ids: readonly string[];
  readonly withArchived: boolean;
  readonly withDefault: boolean;
};

/** Where workspaces and their members live. Archived ones are kept, so that history keeps their names. */
export const workspaceStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  const all = () => tables.selectFrom('workspaces').selectAll();
  const membersOf = (workspaceId: string) =>
    tables.selectFrom('workspace_members').selectAll().where('workspace_id', '=', workspaceId);
  return {
    insert: async (workspace: Insertable<DirectoryTables['workspaces']>): Promise<void> => {
      await tables.insertInto('workspaces').values(workspace).execute();
    },
    update: async (id: string, changes: Updateable<DirectoryTables['workspaces']>): Promise<void> => {
      await tables.updateTable('workspaces').set(changes).where('id', '=', id).execute();
    },
    find: (id: string): Promise<StoredWorkspace | undefined> => all().where('id', '=', id).executeTakeFirst(),
    findDefault: (): Promise<StoredWorkspace> => all().where('is_default', '=', 1).executeTakeFirstOrThrow(),
    /** How many there are beside the default one and the archived ones. */
    countOpen: async (): Promise<number> =>
      (await all().where('is_default', '=', 0).where('archived_at', 'is', null).execute()).length,
    list: (filter: WorkspaceFilter): Promise<readonly StoredWorkspace[]> => {
      let query = all().limit(filter.limit + 1);
      if (filter.ids.length > 0) query = query.where('id', 'in', [...filter.ids]);
      if (!filter.withArchived) query = query.where('archived_at', 'is', null);
      if (!filter.withDefault) query = query.where('is_default', '=', 0);
      if (filter.beforeId !== undefined) return query.where('id', '<', filter.beforeId).orderBy('id', 'desc').execute();
      if (filter.afterId !== undefined) query = query.where('id', '>', filter.afterId);
      return query.orderBy('id').execute();
    },
    members: (workspaceId: string, window: IdWindow): Promise<readonly StoredWorkspaceMember[]> => {
      let query = membersOf(workspaceId).limit(window.limit + 1);
      if (window.beforeId !== undefined)
        return query.where('user_id', '<', window.beforeId).orderBy('user_id', 'desc').execute();
      if (window.afterId !== undefined) query = query.where('user_id', '>', window.afterId);
      return query.orderBy('user_id').execute();
    },
    findMember: (workspaceId: string, userId: string): Promise<StoredWorkspaceMember | undefined> =>
      membersOf(workspaceId).where('user_id', '=', userId).executeTakeFirst(),
    addMember: async (member: StoredWorkspaceMember): Promise<void> => {
      await tables.insertInto('workspace_members').values(member).execute();
    },
    setRole: async (workspaceId: string, userId: string, role: WorkspaceRole): Promise<void> => {
      await tables
        .updateTable('workspace_members')
        .set({ workspace_role: role })
        .where('workspace_id', '=', workspaceId)
        .where('user_id', '=', userId)
        .execute();
    },
    removeMember: async (workspaceId: string, userId: string): Promise<void> => {
      await tables
        .deleteFrom('workspace_members')
        .where('workspace_id', '=', workspaceId)
        .where('user_id', '=', userId)
        .execute();
    },
  };
};
