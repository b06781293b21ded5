import type { Insertable, Selectable } from 'kysely';
import { ORGANISATION_ROLES, type OrganisationRole } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { Tables } from '../tables.ts';

/** What being in a group means: an organisation role, or a type of seat. */
export type Mapping = Readonly<Selectable<Tables['scim_mappings']>>;

const CHUNK = 5000;

/** Where it is kept what groups of a directory mean. */
export const mappingStore = (sql: Sql) => {
  const tables = sql.tables<Tables>();
  return {
    insert: async (mapping: Insertable<Tables['scim_mappings']>): Promise<void> => {
      await tables.insertInto('scim_mappings').values(mapping).execute();
    },
    find: (directoryId: string, id: string): Promise<Mapping | undefined> =>
      tables
        .selectFrom('scim_mappings')
        .selectAll()
        .where('directory_id', '=', directoryId)
        .where('id', '=', id)
        .executeTakeFirst(),
    list: (directoryId: string): Promise<readonly Mapping[]> =>
      tables.selectFrom('scim_mappings').selectAll().where('directory_id', '=', directoryId).orderBy('id').execute(),
    remove: async (id: string): Promise<void> => {
      await tables.deleteFrom('scim_mappings').where('id', '=', id).execute();
    },
    /** Whether any group of a directory is mapped to a type of seat. */
    mapsSeats: async (directoryId: string): Promise<boolean> =>
      (await tables
        .selectFrom('scim_mappings')
        .select('id')
        .where('directory_id', '=', directoryId)
        .where('kind', '=', 'seat_type')
        .limit(1)
        .executeTakeFirst()) !== undefined,
    /** The type of seat that the groups of each of these people are mapped to; of several, the one mapped first. */
    seatsOf: async (userIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
      const seats = new Map<string, string>();
      for (let at = 0; at < userIds.length; at += CHUNK) {
        const rows = await tables
          .selectFrom('rbac_group_members as g')
          .innerJoin('scim_mappings as m', 'm.group_id', 'g.group_id')
          .select(['g.user_id', 'm.value'])
          .where('m.kind', '=', 'seat_type')
          .where('g.user_id', 'in', userIds.slice(at, at + CHUNK))
          .orderBy('m.created_at')
          .orderBy('m.id')
          .execute();
        for (const { user_id, value } of rows) if (!seats.has(user_id)) seats.set(user_id, value);
      }
      return seats;
    },
    /** Whether being in a group decides something of this kind. */
    isMapped: async (groupId: string, kind: Mapping['kind']): Promise<boolean> =>
      (await tables
        .selectFrom('scim_mappings')
        .select('id')
        .where('group_id', '=', groupId)
        .where('kind', '=', kind)
        .executeTakeFirst()) !== undefined,
    /** The organisation roles that the groups of each of these people are mapped to. */
    rolesOf: async (userIds: readonly string[]): Promise<ReadonlyMap<string, readonly OrganisationRole[]>> => {
      const roles = new Map<string, OrganisationRole[]>();
      for (let at = 0; at < userIds.length; at += CHUNK) {
        const rows = await tables
          .selectFrom('rbac_group_members as g')
          .innerJoin('scim_mappings as m', 'm.group_id', 'g.group_id')
          .select(['g.user_id', 'm.value'])
          .where('m.kind', '=', 'organization_role')
          .where('g.user_id', 'in', userIds.slice(at, at + CHUNK))
          .execute();
        for (const { user_id, value } of rows) {
          const role = ORGANISATION_ROLES.find((one) => one === value);
          if (role !== undefined) roles.set(user_id, [...(roles.get(user_id) ?? []), role]);
        }
      }
      return roles;
    },
  };
};
