import { sql } from 'kysely';
import type { Condition, Operand } from './compare-sql.ts';
import type { Places, Rows } from './places.ts';

const COLUMNS: Readonly<Record<string, Operand>> = {
  id: sql.ref('g.group_id'),
  displayName: sql.ref('g.display_name_key'),
  externalId: sql.ref('g.external_id'),
  'meta/created': sql.ref('g.created_at'),
  'meta/lastModified': sql.ref('g.updated_at'),
  'meta/resourceType': sql`'Group'`,
};

/** A group's members, joined with what is known of them: `m` is the membership, `p` the member. */
export const memberRows: Rows = {
  within: (condition: Condition) =>
    sql<boolean>`g.group_id in (select m.group_id from rbac_group_members m join scim_users su on su.user_id = m.user_id and su.deleted_at is null join members p on p.id = m.user_id where ${condition})`,
  parts: { value: sql.ref('m.user_id'), display: sql.ref('p.name_key'), type: sql`'user'` },
};

/** Where a group's attributes are found: in the row `g` of `scim_groups` and in rows that belong to it. */
export const groupPlaces: Places = {
  column: ({ top, part }) => COLUMNS[part === undefined ? top.key : `${top.key}/${part.name}`],
  list: (top) => (top.key === 'members' ? memberRows : undefined),
};
