import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashPassword, hashSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { signOutDevices } from '../device-grants/end-grants.ts';
import { type Member, memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { refuseWeakPassword } from './accounts/password-rules.ts';
import { accountStore } from './accounts/store.ts';
import { asMember } from './as-member.ts';
import { addOwnerIn, admitEmergencyOwnerIn } from './make-owner.ts';
import { refuseEnforced } from './providers/enforcement.ts';
import { renameOrganizationIn } from './rename-organization.ts';
import { type StoredLink, signInStore } from './store.ts';

export type Redemption = {
  readonly token: string;
  readonly password: string;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly organization_name?: string | undefined;
};

const linkGone = () =>
  new Refusal(
    'not_found',
    'This link has been used or has expired. Ask an administrator for a new one; the owner of a new installation finds one in the log after a restart.',
  );

/** Finds an open one-time link; used and expired ones are `not_found`. */
export const findLink = async (sql: Sql, token: string, now: number): Promise<StoredLink> => {
  const link = await signInStore(sql).findLink(hashSecret(token), now);
  if (link === undefined) throw linkGone();
  return link;
};

/** Who used a link, and what kind it was. */
export type Redeemed = { readonly member: Member; readonly link: StoredLink };

/**
 * Uses a one-time link: sets the member's password, or makes an owner with it. Of two who use one link at the same
 * moment the second is refused.
 */
export const redeemSignInLink =
  (deps: DirectoryDeps) =>
  async (wanted: Redemption, from: Doer): Promise<Redeemed> => {
    // Hashing is made to be dear: whoever has no link is refused before it.
    await findLink(deps.database, wanted.token, deps.now());
    const hash = await hashPassword(wanted.password);
    return changeInTurn(deps.database, async (sql) => {
      const link = await findLink(sql, wanted.token, deps.now());
      const store = signInStore(sql);
      if (!(await store.useLink(link.id, deps.now()))) throw linkGone();
      const member = await memberBehind(deps, sql, link, { wanted, from });
      refuseWeakPassword(wanted.password, member.email);
      await accountStore(sql).setPassword(member.id, hash, deps.now());
      await deps.record(sql, asMember(from, member), { type: 'remit_password_set', user_id: member.id });
      // Whoever had the old password is signed out with it.
      await store.endSessionsOf(member.id);
      await signOutDevices(deps, sql, member.id);
      return { member, link };
    });
  };

type Use = { readonly wanted: Redemption; readonly from: Doer };

const memberBehind = async (deps: DirectoryDeps, sql: Sql, link: StoredLink, use: Use): Promise<Member> => {
  switch (link.purpose) {
    case 'create_owner':
      return createFirstOwner(deps, sql, use);
    case 'emergency_owner':
      return admitEmergencyOwnerIn(deps)(sql, link.user_id, use);
    case 'set_password': {
      const member = link.user_id === null ? undefined : await memberStore(sql).find(link.user_id);
      if (member === undefined) throw linkGone();
      await refuseEnforced({ database: sql }, member);
      return member;
    }
    default: {
      const unexpected: never = link.purpose;
      return unexpected;
    }
  }
};

const createFirstOwner = async (deps: DirectoryDeps, sql: Sql, { wanted, from }: Use): Promise<Member> => {
  if ((await memberStore(sql).countOwners()) > 0) throw linkGone();
  const owner = await addOwnerIn(deps)(sql, wanted, { role: 'primary_owner', from });
  if (wanted.organization_name !== undefined)
    await renameOrganizationIn(deps)(sql, wanted.organization_name, asMember(from, owner));
  return owner;
};
