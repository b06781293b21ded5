import { type OrganisationRole, type Permission, permissionsOfRole } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { permissionStore, permissionsIn } from './permission-store.ts';

/**
 * What a member may do in administration: what their organisation role permits and, for Custom members, what their custom
 * roles add to it. Several roles add up (access reference §3.3). Fails rather than answer less than all of it.
 */
export const readPermissions = async (
  sql: Sql,
  { id, role }: { readonly id: string; readonly role: OrganisationRole },
): Promise<ReadonlySet<Permission>> => {
  const own = permissionsOfRole(role);
  if (role !== 'managed') return own;
  const granted = await permissionStore(sql).readOfMember(id);
  return new Set([...own, ...permissionsIn(granted)]);
};
