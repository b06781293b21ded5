import { type Route, route } from '../../../platform/index.ts';
import { memberStore } from '../../members/store.ts';
import { notFound, toWireTime } from '../../wire.ts';
import { type ProviderDeps, redirectUriOf } from './begin-sign-in.ts';
import * as contract from './contract.ts';
import { describeIdentities } from './describe-identities.ts';
import { findProviderFor } from './enforcement.ts';
import { addProvider, changeProvider, deleteProvider } from './manage-provider.ts';
import type { Provider } from './provider.ts';
import { providerStore } from './store.ts';
import { readTest } from './try-connection.ts';
import { unlinkIdentity } from './unlink.ts';

/** Binds the administration of identity providers, and how the sign-in page finds one. */
export const providerRoutes = (deps: ProviderDeps): readonly Route[] => {
  const store = providerStore(deps.database);
  const show = (provider: Provider) => toWire(provider, deps.publicUrl());
  return [
    route(contract.listIdentityProviders, async () => ({ data: (await store.list()).map(show) })),
    route(contract.createIdentityProvider, async ({ body, by }) => show(await addProvider(deps)(body, by))),
    route(contract.getIdentityProvider, async ({ params }) => {
      const provider = await store.find(params.provider_id);
      if (provider === undefined) throw notFound('identity provider', params.provider_id);
      return show(provider);
    }),
    route(contract.updateIdentityProvider, async ({ params, body, by }) =>
      show(await changeProvider(deps)(params.provider_id, body, by)),
    ),
    route(contract.deleteIdentityProvider, async ({ params, by }) => {
      await deleteProvider(deps)(params.provider_id, by);
      return { id: params.provider_id, type: 'identity_provider_deleted' as const };
    }),
    route(contract.getIdentityProviderTest, async ({ params }) => {
      const test = await readTest(deps)(params.provider_id, params.test_id);
      if (test === undefined) throw notFound('finished test of this provider', params.test_id);
      return test;
    }),
    route(contract.findSignInMethod, async ({ body }) => {
      const found = await findProviderFor(deps, body.email);
      const begin_url = `/v1/session/providers/${found?.provider.id}/begin`;
      return {
        type: 'sign_in_methods' as const,
        provider: found === undefined ? null : { name: found.provider.name, begin_url },
        is_enforced: found?.isEnforced ?? false,
      };
    }),
    ...identityRoutes(deps),
  ];
};

const identityRoutes = (deps: ProviderDeps): readonly Route[] => [
  route(contract.listUserIdentities, async ({ params }) => {
    if ((await memberStore(deps.database).findPresent(params.user_id)) === undefined)
      throw notFound('member', params.user_id);
    return { data: await describeIdentities(deps, params.user_id) };
  }),
  route(contract.unlinkUserIdentity, async ({ params, by }) => {
    await unlinkIdentity(deps)(params.user_id, params.identity_id, by);
    return { type: 'user_identity_deleted' as const, id: params.identity_id };
  }),
];

const toWire = (provider: Provider, publicUrl: string): contract.IdentityProvider => {
  const { settings } = provider;
  return {
    ...{ id: provider.id, type: 'identity_provider', kind: 'oidc', name: provider.name, issuer: provider.issuer },
    client_id: provider.client_id,
    has_client_secret: provider.client_secret !== null,
    is_on: provider.isOn,
    redirect_uri: redirectUriOf(publicUrl),
    backchannel_logout_uri: `${publicUrl}/v1/session/providers/${provider.id}/backchannel_logout`,
    scopes: [...settings.scopes],
    provisioning: provider.provisioning,
    identity_key: settings.identityKey,
    tenant_ids: [...settings.tenantIds],
    link_by: settings.linkBy,
    link_claim: settings.linkClaim,
    email_verification: settings.emailVerification,
    groups_claim: settings.groupsClaim,
    directory_id: settings.directoryId,
    domains: provider.domains.map(({ domain, isEnforced }) => ({ domain, is_enforced: isEnforced })),
    mappings: provider.mappings.map(({ group, target: { type, id } }) => ({ group, target_type: type, target_id: id })),
    created_at: toWireTime(provider.created_at),
    updated_at: toWireTime(provider.updated_at),
  };
};
