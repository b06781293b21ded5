import { sql } from 'kysely';
import { fold } from '../rules/value.ts';
import type { Condition, Operand } from './compare-sql.ts';
import type { Places, Rows } from './places.ts';
import { USER_COLUMNS, VALUE_COLUMNS } from './user-columns.ts';

const META: Readonly<Record<string, Operand>> = {
  id: sql.ref('u.user_id'),
  'meta/created': sql.ref('u.created_at'),
  'meta/lastModified': sql.ref('u.updated_at'),
  'meta/resourceType': sql`'User'`,
};

const COLUMNS: Readonly<Record<string, Operand>> = {
  ...META,
  ...Object.fromEntries(Object.entries(USER_COLUMNS).map(([key, column]) => [key, sql.ref(`u.${column}`)])),
};

const VALUE_PARTS: Readonly<Record<string, Operand>> = Object.fromEntries(
  Object.entries(VALUE_COLUMNS).map(([part, column]) => [part, sql.ref(`v.${column}`)]),
);

// "In", not "exists": both databases then start from the index over values where the condition names one.
const valuesOf = (attribute: string): Rows => ({
  within: (condition) =>
    sql<boolean>`u.user_id in (select v.user_id from scim_user_values v where v.attribute = ${attribute} and ${condition})`,
  parts: VALUE_PARTS,
});

const GROUPS: Rows = {
  within: (condition: Condition) =>
    sql<boolean>`u.user_id in (select m.user_id from rbac_group_members m join scim_groups sg on sg.group_id = m.group_id and ${condition})`,
  parts: { value: sql.ref('m.group_id'), display: sql.ref('sg.display_name_key') },
};

const LISTS: Readonly<Record<string, Rows>> = {
  emails: valuesOf('emails'),
  phoneNumbers: valuesOf('phoneNumbers'),
  addresses: valuesOf('addresses'),
  roles: valuesOf('roles'),
  groups: GROUPS,
};

/** Where a person's attributes are found: in the row `u` of `scim_users` and in rows that belong to it. */
export const userPlaces: Places = {
  column: ({ top, part }) => COLUMNS[part === undefined ? top.key : `${top.key}/${part.name}`],
  list: (top) => LISTS[top.key],
};

/** A user name as it is stored and compared. */
export const userNameKey = (userName: string): string => fold(userName, false);
