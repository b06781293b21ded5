import type { Sql } from '../../../platform/index.ts';
import { inviteStore, type StoredInvite } from '../../invites/store.ts';
import { allowsEmail } from '../../members/rules/email-domains.ts';
import { memberSettingsStore } from '../../members/settings-store.ts';
import { type Member, memberStore } from '../../members/store.ts';
import { fold } from '../../scim/rules/value.ts';
import type { ScimTables } from '../../scim/tables.ts';
import type { SignInProblem } from './contract.ts';
import type { Provider } from './provider.ts';
import { type Mapped, mapGroups } from './rules/map-groups.ts';
import {
  type Claims,
  domainOf,
  type GroupsClaim,
  readGroups,
  readSubject,
  type Subject,
  textAt,
} from './rules/read-claims.ts';
import { identityStore, type StoredIdentity } from './store.ts';

/** Somebody as a provider describes them. */
export type Identity = {
  readonly subject: Subject;
  readonly claims: Claims;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly account: string | null;
  readonly groups: GroupsClaim;
};

/** What would be done with somebody; nothing is done yet. */
export type Plan =
  | {
      readonly action: 'enter';
      readonly member: Member;
      readonly known: StoredIdentity;
      readonly mapped: Mapped | null;
    }
  | { readonly action: 'link'; readonly member: Member; readonly mapped: Mapped | null }
  /** With an invite that waits for them, it is accepted by this. */
  | {
      readonly action: 'create';
      readonly email: string;
      readonly mapped: Mapped | null;
      readonly invite: StoredInvite | null;
    }
  /** They have left every mapped group: their access ends. */
  | { readonly action: 'remove'; readonly member: Member }
  | { readonly action: 'refuse'; readonly problem: SignInProblem };

const refuse = (problem: SignInProblem): Plan => ({ action: 'refuse', problem });

/** Reads what a provider's claims say; a problem where they do not say who it is, or the tenant is not allowed. */
export const readIdentity = ({ settings }: Provider, claims: Claims): Identity | SignInProblem => {
  const subject = readSubject(claims, settings.identityKey);
  if (subject === undefined) return 'sso_claims_missing';
  if (settings.identityKey === 'tid_oid' && !settings.tenantIds.includes(textAt(claims, 'tid') ?? ''))
    return 'sso_tenant_not_allowed';
  const email = textAt(claims, 'email');
  return {
    subject,
    claims,
    email,
    name: textAt(claims, 'name'),
    account: email ?? textAt(claims, 'preferred_username') ?? null,
    groups: readGroups(claims, settings.groupsClaim),
  };
};

/**
 * Decides what to do with somebody who has signed in at a provider, `now`. Only reads; run it in the transaction that acts.
 */
export const planAdmission =
  (sql: Sql, now: number) =>
  async (provider: Provider, identity: Identity): Promise<Plan> => {
    const members = memberStore(sql);
    const known = await identityStore(sql).find(identity.subject);
    const knownMember = known === undefined ? undefined : await members.findAny(known.user_id);
    if (known !== undefined && knownMember !== undefined && knownMember.status !== 'removed')
      return admitKnown(provider, identity, knownMember, known);
    const candidate = await findCandidate(sql, provider, identity);
    if (typeof candidate === 'string') return refuse(candidate);
    if (candidate === undefined) return planNewcomer(sql, provider, { identity, now });
    const linked = await identityStore(sql).listOf(candidate.id);
    if (linked.some(({ provider_id }) => provider_id === provider.id)) return refuse('sso_linked_elsewhere');
    return admitKnown(provider, identity, candidate);
  };

const admitKnown = (provider: Provider, { groups }: Identity, member: Member, known?: StoredIdentity): Plan => {
  if (member.status === 'suspended') return refuse('sso_suspended');
  // What is not told does not take anything away: nobody loses a role because they are in too many groups.
  const isDecided = provider.provisioning === 'jit_mappings' && groups.kind === 'all';
  const mapped = isDecided ? mapGroups(provider.mappings, groups.groups) : null;
  if (mapped !== null && !mapped.isMapped) {
    if (member.role === 'primary_owner')
      return known === undefined ? refuse('sso_no_mapped_group') : { action: 'enter', member, known, mapped: null };
    return known === undefined ? refuse('sso_no_mapped_group') : { action: 'remove', member };
  }
  return known === undefined ? { action: 'link', member, mapped } : { action: 'enter', member, known, mapped };
};

/** Why an address says nothing about who somebody is; undefined when it does. */
const addressProblem = (provider: Provider, { email, claims }: Identity): SignInProblem | undefined => {
  if (email === undefined) return 'sso_email_missing';
  const domain = domainOf(email);
  if (!provider.domains.some((one) => one.domain === domain)) return 'sso_email_domain';
  const isVerified = provider.settings.emailVerification === 'trusted' || claims.email_verified === true;
  return isVerified ? undefined : 'sso_email_unverified';
};

const findCandidate = async (
  sql: Sql,
  provider: Provider,
  identity: Identity,
): Promise<Member | SignInProblem | undefined> => {
  const { linkBy, linkClaim, directoryId } = provider.settings;
  if (linkBy === 'nothing') return undefined;
  if (linkBy !== 'email') return findProvisioned(sql, { linkBy, directoryId }, textAt(identity.claims, linkClaim));
  const member = identity.email === undefined ? undefined : await memberStore(sql).findByEmail(identity.email);
  if (member === undefined || member.status === 'removed') return undefined;
  return addressProblem(provider, identity) ?? member;
};

type ProvisionedBy = { readonly linkBy: 'scim_external_id' | 'scim_user_name'; readonly directoryId: string | null };

/** The member whom the provider's own SCIM directory knows by the claim. */
const findProvisioned = async (
  sql: Sql,
  { linkBy, directoryId }: ProvisionedBy,
  value: string | undefined,
): Promise<Member | undefined> => {
  if (directoryId === null || value === undefined) return undefined;
  const users = sql
    .tables<ScimTables>()
    .selectFrom('scim_users')
    .select('user_id')
    .where('directory_id', '=', directoryId)
    .where('deleted_at', 'is', null);
  const row = await (linkBy === 'scim_user_name'
    ? users.where('user_name', '=', fold(value, false))
    : users.where('external_id', '=', fold(value, true))
  ).executeTakeFirst();
  return row === undefined ? undefined : memberStore(sql).findPresent(row.user_id);
};

type Newcomer = { readonly identity: Identity; readonly now: number };

const planNewcomer = async (sql: Sql, provider: Provider, { identity, now }: Newcomer): Promise<Plan> => {
  const { provisioning } = provider;
  if (provisioning === 'scim') return refuse('sso_not_provisioned');
  const { email, groups } = identity;
  const invite = (email === undefined ? undefined : await inviteStore(sql).findPendingByEmail(email, now)) ?? null;
  if (provisioning === 'invite_only' && invite === null) return refuse('sso_not_a_member');
  const problem = addressProblem(provider, identity);
  if (problem !== undefined || email === undefined) return refuse(problem ?? 'sso_email_missing');
  if (!allowsEmail(await memberSettingsStore(sql).readAllowedDomains(), email)) return refuse('sso_email_domain');
  const taken = await memberStore(sql).findByEmail(email);
  if (taken !== undefined && taken.status !== 'removed') return refuse('sso_address_taken');
  if (provisioning !== 'jit_mappings') return { action: 'create', email, mapped: null, invite };
  if (groups.kind !== 'all') return refuse('sso_groups_unknown');
  const mapped = mapGroups(provider.mappings, groups.groups);
  return mapped.isMapped ? { action: 'create', email, mapped, invite } : refuse('sso_no_mapped_group');
};
