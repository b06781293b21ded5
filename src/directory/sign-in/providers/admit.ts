import type { Doer } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { acceptInviteIn } from '../../invites/accept-invite.ts';
import { addMemberIn } from '../../members/add-member.ts';
import { removeMemberIn } from '../../members/remove-member.ts';
import type { Member } from '../../members/store.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { settingsStore } from '../settings/store.ts';
import { applyMapped } from './apply-mapped.ts';
import { type Identity, type Plan, planAdmission, readIdentity } from './plan-admission.ts';
import { signInProblem } from './problems.ts';
import type { Provider } from './provider.ts';
import type { Claims } from './rules/read-claims.ts';
import { identityStore } from './store.ts';

/**
 * Lets somebody in whom a provider has described, or refuses with a sign-in problem: finds or links their member, makes
 * one where the provider may, and brings role and groups to what the mappings say. All of it in one transaction, so that
 * of two first sign-ins at the same moment one makes the member and the other finds it.
 */
export const admit =
  (deps: DirectoryDeps) =>
  async (provider: Provider, claims: Claims, from: Doer): Promise<Member> => {
    const identity = readIdentity(provider, claims);
    if (typeof identity === 'string') throw signInProblem(identity);
    const by: Doer = { ...from, who: { kind: 'directory', directoryId: provider.id, connectionType: 'OIDC' } };
    const done = await changeInTurn(deps.database, async (sql) =>
      carryOut(deps, sql, { plan: await planAdmission(sql, deps.now())(provider, identity), provider, identity, by }),
    );
    // Thrown out here: a removal that is the outcome must not be rolled back with the refusal.
    if (typeof done === 'string') throw signInProblem(done);
    return done;
  };

type Work = { readonly plan: Plan; readonly provider: Provider; readonly identity: Identity; readonly by: Doer };

type Refused = Extract<Plan, { action: 'refuse' }>['problem'];

const carryOut = async (deps: DirectoryDeps, sql: Sql, work: Work): Promise<Member | Refused> => {
  const { plan, identity, by } = work;
  switch (plan.action) {
    case 'refuse':
      return plan.problem;
    case 'remove':
      if (await settingsStore(sql).isBreakGlass(plan.member.id)) return plan.member;
      await removeMemberIn(deps)(sql, plan.member, by);
      return 'sso_no_mapped_group';
    case 'enter':
      await identityStore(sql).touch(plan.known.id, identity.account, deps.now());
      return applyMapped(deps)(sql, plan.member, plan.mapped, by);
    case 'link':
      await link(deps, sql, plan.member, work);
      return applyMapped(deps)(sql, plan.member, plan.mapped, by);
    case 'create': {
      const member = await create(deps, sql, plan, work);
      await link(deps, sql, member, work);
      return applyMapped(deps)(sql, member, plan.mapped, by);
    }
    default: {
      const unexpected: never = plan;
      return unexpected;
    }
  }
};

// An invite gives its own role and groups, where no mapping decides about them.
const create = (
  deps: DirectoryDeps,
  sql: Sql,
  { email, mapped, invite }: Extract<Plan, { action: 'create' }>,
  { identity, by }: Work,
): Promise<Member> => {
  const name = identity.name ?? email;
  return invite === null
    ? addMemberIn(deps)(sql, { email, name, role: mapped?.role ?? 'user' }, () => by)
    : acceptInviteIn(deps)(sql, invite, { name, from: by });
};

const link = async (deps: DirectoryDeps, sql: Sql, member: Member, { provider, identity, by }: Work): Promise<void> => {
  const identities = identityStore(sql);
  // Somebody who was removed comes back with the account they had.
  const earlier = await identities.find(identity.subject);
  if (earlier !== undefined) await identities.delete(earlier.id);
  const at = deps.now();
  await identities.insert({
    id: deps.newId('identity'),
    provider_id: provider.id,
    ...identity.subject,
    user_id: member.id,
    account: identity.account,
    linked_at: at,
    last_used_at: at,
  });
  await deps.record(sql, by, { type: 'remit_identity_linked', user_id: member.id, connection_id: provider.id });
};
