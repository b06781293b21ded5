import { Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { Tables } from './tables.ts';

const findDirectory = (sql: Sql, userId: string) =>
  sql
    .tables<Tables>()
    .selectFrom('scim_users as u')
    .innerJoin('scim_directories as d', 'd.id', 'u.directory_id')
    .select(['d.name', 'd.maps_roles'])
    .where('u.user_id', '=', userId)
    .executeTakeFirst();

/** Refuses to remove by hand whom an identity provider has put here: it would put them back. Suspending is always possible. */
export const protectProvisioned = async (sql: Sql, userId: string): Promise<void> => {
  const directory = await findDirectory(sql, userId);
  if (directory === undefined) return;
  throw new Refusal(
    'invalid_request',
    `This member comes from the directory “${directory.name}”. Remove them at the identity provider, or suspend them here.`,
    { details: { error_code: 'provisioned_member' } },
  );
};

/** Refuses to change a role by hand that follows the mapped groups of a directory. */
export const protectMappedRole = async (sql: Sql, userId: string): Promise<void> => {
  const directory = await findDirectory(sql, userId);
  if (directory?.maps_roles !== 1) return;
  throw new Refusal(
    'invalid_request',
    `The role of this member follows the groups of the directory “${directory.name}”. Change the groups or their mapping.`,
    { details: { error_code: 'mapped_role' } },
  );
};
