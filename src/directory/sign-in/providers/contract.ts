import { z } from 'zod';
import { endpoint } from '../../../platform/contract.ts';

/** Why a sign-in did not go through, in words that say what to do. The sign-in page is given the key only. */
export const SIGN_IN_PROBLEMS = {
  sso_failed: 'Signing in did not work. Try again; if it goes on, ask an administrator to test the connection.',
  sso_unreachable:
    'Your identity provider cannot be reached right now. Try again in a moment, or ask an administrator to test the connection.',
  sso_refused: 'Your identity provider did not sign you in. Start again, and choose the account of your organisation.',
  sso_expired: 'This took too long, or was begun in another browser or tab. Start again here.',
  sso_answer_invalid:
    'The answer of your identity provider is not valid, so nobody was signed in. Start again; if it goes on, tell an administrator.',
  sso_too_many: 'Too many sign-ins were begun from your network. Try again in a minute.',
  sso_off: 'This identity provider is switched off. Ask an administrator.',
  sso_tenant_not_allowed:
    'Your account belongs to a tenant that is not allowed here. Use the account of your organisation.',
  sso_claims_missing: 'Your identity provider does not say who you are. An administrator has to change its claims.',
  sso_email_missing:
    'Your identity provider does not tell your e-mail address. An administrator has to change its claims.',
  sso_email_unverified:
    'Your identity provider has not verified your e-mail address. Verify it there, or ask an administrator.',
  sso_email_domain:
    'The domain of your e-mail address is not one this identity provider stands for. Ask an administrator.',
  sso_not_a_member: 'You are not a member yet. Ask an administrator to add you, then sign in again.',
  sso_not_provisioned:
    'Your organisation adds members through its directory, and you are not among them or have been deactivated. Ask whoever assigns applications to give you this one.',
  org_member_limit_exceeded:
    'The organisation has as many members as it may. Ask an administrator to make room for you.',
  sso_suspended: 'Your access is suspended. Ask an administrator to restore it.',
  sso_linked_elsewhere:
    'The member with your e-mail address signs in with another account. Ask an administrator to unlink that one first.',
  sso_address_taken: 'A member has your e-mail address already, and may not be linked by it. Ask an administrator.',
  sso_no_mapped_group:
    'None of your groups gives access here. Ask whoever manages the groups at your identity provider.',
  sso_groups_unknown:
    'Your identity provider does not tell your groups, or not all of them, so your access cannot be decided. Ask an administrator.',
  sso_required:
    'Your organisation asks you to sign in through its identity provider. Enter your e-mail address to get there.',
} as const;
export type SignInProblem = keyof typeof SIGN_IN_PROBLEMS;

const text = z.string();
const shortText = z.string().trim().min(1).max(255);

const provisioning = z.enum(['invite_only', 'jit', 'jit_mappings', 'scim']);
const identityKey = z.enum(['sub', 'tid_oid']);
const linkBy = z.enum(['email', 'scim_external_id', 'scim_user_name', 'nothing']);
const emailVerification = z.enum(['claim', 'trusted']);

const domainName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/, 'is no domain such as example.com');
const Domain = z.strictObject({
  domain: domainName,
  /** Members of the domain sign in through the provider only. */
  is_enforced: z.boolean().default(false),
});

const Mapping = z.strictObject({
  /** The group as the provider writes it in the claim: a name, or an id at Entra. */
  group: shortText,
  target_type: z.enum(['organization_role', 'rbac_group', 'rbac_role']),
  /** `owner`, `membership_admin`, `managed` or `user`, or the id of a group or custom role. */
  target_id: shortText,
});

/** A place where members sign in. Its secret is never shown again. */
export const IdentityProvider = z.object({
  id: text,
  type: z.literal('identity_provider'),
  kind: z.literal('oidc'),
  name: text,
  issuer: text,
  client_id: text,
  has_client_secret: z.boolean(),
  is_on: z.boolean(),
  /** What to enter at the provider. */
  redirect_uri: text,
  backchannel_logout_uri: text,
  scopes: z.array(text),
  provisioning,
  /** What identifies an account: issuer and subject, or Entra's tenant and object id. */
  identity_key: identityKey,
  /** With `tid_oid`, the tenants whose accounts may sign in. */
  tenant_ids: z.array(text),
  /** What links an account to a member at its first sign-in, and never again. */
  link_by: linkBy,
  link_claim: text,
  /** `trusted`: the provider has verified all addresses of its domains, and sends no claim that says so. */
  email_verification: emailVerification,
  groups_claim: text,
  /** The SCIM directory whose people sign in here. */
  directory_id: text.nullable(),
  domains: z.array(z.object({ domain: text, is_enforced: z.boolean() })),
  mappings: z.array(Mapping),
  created_at: text,
  updated_at: text,
});
export type IdentityProvider = z.output<typeof IdentityProvider>;

const issuer = z.url().max(1000);
const changeable = {
  client_secret: z.string().min(1).max(1000).nullable().optional(),
  is_on: z.boolean().optional(),
  scopes: z.array(shortText).max(20).optional(),
  provisioning: provisioning.optional(),
  identity_key: identityKey.optional(),
  tenant_ids: z.array(shortText).max(50).optional(),
  link_by: linkBy.optional(),
  link_claim: shortText.optional(),
  email_verification: emailVerification.optional(),
  groups_claim: shortText.optional(),
  directory_id: text.nullable().optional(),
  domains: z.array(Domain).max(100).optional(),
  mappings: z.array(Mapping).max(1000).optional(),
};

export const listIdentityProviders = endpoint({
  method: 'GET',
  path: '/v1/organizations/identity_providers',
  permission: 'identity:view',
  summary: 'The identity providers members sign in through',
  reply: z.object({ data: z.array(IdentityProvider) }),
});

export const createIdentityProvider = endpoint({
  method: 'POST',
  path: '/v1/organizations/identity_providers',
  permission: 'identity:manage',
  summary: 'Add an identity provider (OpenID Connect); it is off until it is switched on',
  records: ['org_sso_add_initiated'],
  body: z.strictObject({ name: shortText, issuer, client_id: shortText, ...changeable }),
  reply: IdentityProvider,
  errors: ['invalid_request', 'conflict'],
});

export const getIdentityProvider = endpoint({
  method: 'GET',
  path: '/v1/organizations/identity_providers/:provider_id',
  permission: 'identity:view',
  summary: 'Show an identity provider',
  reply: IdentityProvider,
  errors: ['not_found'],
});

export const updateIdentityProvider = endpoint({
  method: 'POST',
  path: '/v1/organizations/identity_providers/:provider_id',
  permission: 'identity:manage',
  summary: 'Change an identity provider; what is left out stays, lists are replaced',
  records: [
    'remit_identity_provider_updated',
    'org_sso_connection_activated',
    'org_sso_connection_deactivated',
    'org_sso_provisioning_mode_changed',
    'org_sso_toggled',
  ],
  body: z.strictObject({
    name: shortText.optional(),
    issuer: issuer.optional(),
    client_id: shortText.optional(),
    ...changeable,
    /** `updated_at` as it was read: refused with `conflict` when somebody else has changed it since. */
    expected_updated_at: text.optional(),
  }),
  reply: IdentityProvider,
  errors: ['not_found', 'invalid_request', 'conflict'],
});

export const deleteIdentityProvider = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/identity_providers/:provider_id',
  permission: 'identity:manage',
  summary: 'Delete an identity provider: its sessions end, and which account is which member is forgotten',
  records: ['org_sso_connection_deleted'],
  reply: z.object({ id: text, type: z.literal('identity_provider_deleted') }),
  errors: ['not_found'],
});

/** What a test of the connection found, without signing anybody in. */
export const ConnectionTest = z.object({
  type: z.literal('identity_provider_test'),
  id: text,
  is_success: z.boolean(),
  /** What would have happened, in a sentence. */
  outcome: text,
  problem: text.nullable(),
  /** Everything the provider said, as it said it; null when it did not come to that. */
  claims: z.record(text, z.unknown()).nullable(),
  groups: z.object({ kind: z.enum(['all', 'missing', 'overage']), groups: z.array(text) }).nullable(),
  role: text.nullable(),
});
export type ConnectionTest = z.output<typeof ConnectionTest>;

export const getIdentityProviderTest = endpoint({
  method: 'GET',
  path: '/v1/organizations/identity_providers/:provider_id/tests/:test_id',
  permission: 'identity:manage',
  summary: 'What a test of the connection found; begun in the browser at `/v1/session/providers/:provider_id/test`',
  reply: ConnectionTest,
  errors: ['not_found'],
});

export const listUserIdentities = endpoint({
  method: 'GET',
  path: '/v1/organizations/users/:user_id/identities',
  permission: 'users:view',
  summary: 'The accounts at identity providers that sign in as a member',
  reply: z.object({
    data: z.array(
      z.object({
        id: text,
        type: z.literal('user_identity'),
        provider_id: text,
        provider_name: text,
        account: text.nullable(),
        linked_at: text,
        last_used_at: text,
      }),
    ),
  }),
  errors: ['not_found'],
});

export const unlinkUserIdentity = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/users/:user_id/identities/:identity_id',
  permission: 'identity:manage',
  summary: 'Unlink an account from a member; their sessions end, and the next sign-in may link another',
  records: ['remit_identity_unlinked'],
  reply: z.object({ type: z.literal('user_identity_deleted'), id: text }),
  errors: ['not_found', 'permission_denied'],
});

export const findSignInMethod = endpoint({
  method: 'POST',
  path: '/v1/session/methods',
  permission: 'public',
  summary: 'How somebody with an e-mail address signs in, by its domain alone: nothing is told of members',
  records: [],
  body: z.strictObject({ email: z.string().max(320) }),
  reply: z.object({
    type: z.literal('sign_in_methods'),
    provider: z.object({ name: text, begin_url: text }).nullable(),
    /** A password does not sign in, but for the accounts kept for emergencies. */
    is_enforced: z.boolean(),
  }),
});
