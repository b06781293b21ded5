import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';

/**
 * Keys do not change who is in a group whose roles let people manage identity, because that is as much as making owners:
 * it is done in person (`rbac_group_grants_owner_access`).
 */
export const refuseOwnerAccess = async (sql: Sql, groupId: string, { who }: Doer): Promise<void> => {
  const isKey = who.kind === 'administrator' || (who.kind === 'member' && who.credentialId !== null);
  if (!isKey) return;
  const grants = await sql
    .tables<DirectoryTables>()
    .selectFrom('rbac_group_roles')
    .innerJoin('rbac_role_permissions', 'rbac_role_permissions.role_id', 'rbac_group_roles.role_id')
    .select('area')
    .where('group_id', '=', groupId)
    .where('area', '=', 'identity')
    .where('level', '=', 'manage')
    .executeTakeFirst();
  if (grants === undefined) return;
  throw new Refusal(
    'invalid_request',
    'A role of this group lets people manage identity and access. Change its members in the console, not with a key.',
    { details: { error_code: 'rbac_group_grants_owner_access' } },
  );
};
