import type { Selectable } from 'kysely';
import type { OrganisationRole } from '../../../kernel/index.ts';
import type { SignInTables } from '../tables.ts';
import type { Mapping } from './rules/map-groups.ts';

/** Settings of a provider that SQL never looks into. */
export type ProviderSettings = {
  readonly scopes: readonly string[];
  readonly identityKey: 'sub' | 'tid_oid';
  readonly tenantIds: readonly string[];
  readonly linkBy: 'email' | 'scim_external_id' | 'scim_user_name' | 'nothing';
  readonly linkClaim: string;
  readonly emailVerification: 'claim' | 'trusted';
  readonly groupsClaim: string;
  readonly directoryId: string | null;
};

/** What a new provider starts with: the e-mail address links, once, and only when it is verified. */
export const DEFAULT_SETTINGS: ProviderSettings = {
  scopes: ['openid', 'email', 'profile'],
  identityKey: 'sub',
  tenantIds: [],
  linkBy: 'email',
  linkClaim: 'email',
  emailVerification: 'claim',
  groupsClaim: 'groups',
  directoryId: null,
};

export type ProviderDomain = { readonly domain: string; readonly isEnforced: boolean };

/** An identity provider with everything it takes to sign in through it; the secret still sealed. */
export type Provider = Readonly<Omit<Selectable<SignInTables['identity_providers']>, 'settings' | 'is_on'>> & {
  readonly isOn: boolean;
  readonly settings: ProviderSettings;
  readonly domains: readonly ProviderDomain[];
  readonly mappings: readonly Mapping[];
};

/** What a provider's secret is sealed about. */
export const aboutClientSecret = (providerId: string): string => `client secret of ${providerId}`;

const ROLES: readonly OrganisationRole[] = ['owner', 'membership_admin', 'managed', 'user'];

/** A mapping as it is stored and sent; undefined for an organisation role that nobody can be given. */
export const mappingOf = (
  group: string,
  target: { readonly type: SignInTables['identity_provider_mappings']['target_type']; readonly id: string },
): Mapping | undefined => {
  const { type, id } = target;
  if (type !== 'organization_role') return { group, target: { type, id } };
  const role = ROLES.find((known) => known === id);
  return role && { group, target: { type, id: role } };
};
