import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashPassword, hashSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { emailKey, type Member, memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { asMember } from './as-member.ts';
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

/**
 * Uses a one-time link: sets the member's password, or creates the first owner with it. Of two who use one link at the
 * same moment the second is refused.
 */
export const redeemSignInLink =
  (deps: DirectoryDeps) =>
  async (wanted: Redemption, from: Doer): Promise<Member> => {
    const hash = await hashPassword(wanted.password);
    return changeInTurn(deps.database, async (sql) => {
      const link = await findLink(sql, wanted.token, deps.now());
      const store = signInStore(sql);
      if (!(await store.useLink(link.id, deps.now()))) throw linkGone();
      const member =
        link.user_id === null
          ? await createOwner(deps, sql, { wanted, from })
          : await memberStore(sql).find(link.user_id);
      if (member === undefined) throw linkGone();
      await store.setPassword(member.id, hash, deps.now());
      await deps.record(sql, asMember(from, member), { type: 'remit_password_set', user_id: member.id });
      // Whoever had the old password is signed out with it.
      await store.endSessionsOf(member.id);
      return member;
    });
  };

const createOwner = async (
  deps: DirectoryDeps,
  sql: Sql,
  { wanted, from }: { readonly wanted: Redemption; readonly from: Doer },
): Promise<Member> => {
  const { email, name, organization_name } = wanted;
  if (email === undefined || name === undefined)
    throw new Refusal('invalid_request', 'The owner needs a name and an e-mail address.');
  const members = memberStore(sql);
  if ((await members.countOwners()) > 0) throw linkGone();
  const at = deps.now();
  const earlier = await members.findByEmail(email);
  const owner: Member = {
    id: earlier?.id ?? deps.newId('user'),
    email: email.trim(),
    email_key: emailKey(email),
    name,
    role: 'primary_owner',
    status: 'active',
    added_at: at,
    updated_at: at,
  };
  if (earlier === undefined) await members.insert(owner);
  else await members.update(owner.id, owner);
  if (organization_name !== undefined) await renameOrganizationIn(deps)(sql, organization_name, asMember(from, owner));
  await deps.changePolicy(sql, { entity: 'member', id: owner.id });
  await deps.record(sql, asMember(from, owner), {
    type: 'remit_user_added',
    user_id: owner.id,
    user_email: owner.email,
    role: owner.role,
  });
  return owner;
};
