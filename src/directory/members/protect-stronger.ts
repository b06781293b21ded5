import { type Actor, actorOf, type Doer, mayUse, type Permission, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { permissionStore, permissionsIn } from '../roles/permission-store.ts';
import { readPermissions } from '../roles/read-permissions.ts';
import { protectOwners } from './protect-owners.ts';
import type { Member } from './store.ts';

type Person = Pick<Member, 'id' | 'email' | 'role'>;

/**
 * Refuses to make a credential of somebody who may do more in administration than the caller: whoever makes one can act with
 * it. Custom members can hold as much as owners, by their custom roles. One's own are one's own.
 */
export const protectCredentials = async (sql: Sql, actor: Actor, member: Person): Promise<void> => {
  if (actor.kind === 'member' && actor.userId === member.id) return;
  protectOwners(actor, member.role);
  refuseBeyond(actor, await readPermissions(sql, member), `${member.email} may do`);
};

/**
 * Refuses to make somebody Custom whose custom roles would then permit more than the caller may do. Identity providers and
 * Remit itself are not bound.
 */
export const protectCustomPermissions = async (sql: Sql, by: Doer, member: Person): Promise<void> => {
  if (isMachine(by)) return;
  const permissions = await readPermissions(sql, { id: member.id, role: 'managed' });
  refuseBeyond(actorOf(by), permissions, `As Custom ${member.email} may do`);
};

/** Refuses to hand out the link of an invite into groups whose roles permit more than the caller may do. */
export const protectGroupPermissions = async (sql: Sql, by: Doer, groupIds: readonly string[]): Promise<void> => {
  if (groupIds.length === 0 || isMachine(by)) return;
  const permissions = permissionsIn(await permissionStore(sql).readOfGroups(groupIds));
  refuseBeyond(actorOf(by), permissions, 'The groups of this invite let people do');
};

const isMachine = ({ who }: Doer): boolean => who.kind === 'directory' || who.kind === 'system';

const refuseBeyond = (actor: Actor, permissions: Iterable<Permission>, who: string): void => {
  const beyond = [...permissions].filter((permission) => permission !== 'self' && !mayUse(actor, permission));
  if (beyond.length === 0) return;
  throw new Refusal(
    'permission_denied',
    `${who} what you may not (${beyond.sort().join(', ')}). Ask an owner, or somebody who may.`,
  );
};
