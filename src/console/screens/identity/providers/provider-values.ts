import type { UseFormReturnType } from '@mantine/form';
import type { IdentityProvider } from '../../../../directory/contract.ts';

/** What the form edits; texts of lists are separated by spaces. */
export type ProviderValues = Pick<
  IdentityProvider,
  | 'name'
  | 'issuer'
  | 'client_id'
  | 'provisioning'
  | 'identity_key'
  | 'link_by'
  | 'link_claim'
  | 'email_verification'
  | 'groups_claim'
  | 'domains'
  | 'mappings'
> & { client_secret: string; scopes: string; tenant_ids: string; directory_id: string | null };

/** The form as its parts see it. */
export type ProviderFormApi = UseFormReturnType<ProviderValues>;

/** What the form starts with. */
export const valuesOf = (provider: IdentityProvider): ProviderValues => ({
  name: provider.name,
  issuer: provider.issuer,
  client_id: provider.client_id,
  provisioning: provider.provisioning,
  identity_key: provider.identity_key,
  link_by: provider.link_by,
  link_claim: provider.link_claim,
  email_verification: provider.email_verification,
  groups_claim: provider.groups_claim,
  domains: provider.domains,
  mappings: provider.mappings,
  client_secret: '',
  scopes: provider.scopes.join(' '),
  tenant_ids: provider.tenant_ids.join(' '),
  directory_id: provider.directory_id,
});

const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '');

/** What is sent of the form, with the state it was made from. */
export const bodyOf = (values: ProviderValues, expected_updated_at: string) => {
  const { name, issuer, client_id, provisioning, identity_key, link_by, link_claim, email_verification } = values;
  return {
    ...{ name, issuer, client_id, provisioning, identity_key, link_by, link_claim, email_verification },
    groups_claim: values.groups_claim,
    domains: values.domains.filter(({ domain }) => domain.trim() !== ''),
    mappings: values.mappings.filter(({ group }) => group.trim() !== ''),
    scopes: words(values.scopes),
    tenant_ids: words(values.tenant_ids),
    directory_id: values.directory_id || null,
    ...(values.client_secret === '' ? {} : { client_secret: values.client_secret }),
    expected_updated_at,
  };
};
