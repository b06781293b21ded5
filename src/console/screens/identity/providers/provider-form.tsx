import { Button, Group, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type IdentityProvider, updateIdentityProvider } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { directoriesQuery } from '../../../data/directories.ts';
import { usePermission } from '../../../data/session.ts';
import { providerQuery } from '../../../data/sign-in.ts';
import { useAction } from '../../../data/use-action.ts';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { overtakenReason, SharedFormFault } from '../../../kit/shared-form-fault.tsx';
import { useSharedForm } from '../../../kit/use-shared-form.ts';
import { DomainsEditor } from './domains-editor.tsx';
import { MappingsEditor } from './mappings-editor.tsx';
import { bodyOf, type ProviderFormApi, type ProviderValues, valuesOf } from './provider-values.ts';
import { LINK_BY, PROVISIONING } from './words.ts';

/** A provider's settings, saved together. */
export const ProviderForm = ({ provider }: { readonly provider: IdentityProvider }) => {
  const manage = usePermission('identity:manage');
  const client = useQueryClient();
  const form = useForm<ProviderValues>({ initialValues: valuesOf(provider) });
  const shared = useSharedForm({
    form,
    saved: valuesOf(provider),
    readAgain: async () => valuesOf(await client.fetchQuery({ ...providerQuery(provider.id), staleTime: 0 })),
  });
  const save = useAction({
    run: async (values: ProviderValues) => {
      await shared.checkUnmoved();
      return call(updateIdentityProvider, {
        params: { provider_id: provider.id },
        body: bodyOf(values, provider.updated_at),
      });
    },
    touches: ['identity-providers'],
    errors: 'inline',
    done: () => 'The settings are saved.',
    onDone: (reply) => shared.settle(valuesOf(reply)),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="lg">
        <ClientFields form={form} hasSecret={provider.has_client_secret} />
        <DomainsEditor form={form} />
        <MembershipFields form={form} />
        <MappingsEditor form={form} />
        <SharedFormFault shared={shared} error={save.error} />
        <Group justify="flex-end">
          <DisabledReason reason={manage.reason ?? overtakenReason(shared)}>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save settings
            </Button>
          </DisabledReason>
        </Group>
      </Stack>
    </form>
  );
};

const ClientFields = ({ form, hasSecret }: { readonly form: ProviderFormApi; readonly hasSecret: boolean }) => (
  <SimpleGrid cols={{ base: 1, md: 2 }}>
    <TextInput label="Name" {...form.getInputProps('name')} />
    <TextInput label="Issuer" {...form.getInputProps('issuer')} />
    <TextInput label="Client id" autoComplete="off" {...form.getInputProps('client_id')} />
    <PasswordInput
      label="Client secret"
      placeholder={hasSecret ? 'Stored; enter another to replace it' : 'None stored'}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
      {...form.getInputProps('client_secret')}
    />
    <TextInput label="Scopes" description="Separated by spaces" {...form.getInputProps('scopes')} />
    <TextInput
      label="Groups claim"
      description="Where the groups stand, such as groups or realm_access.roles"
      {...form.getInputProps('groups_claim')}
    />
  </SimpleGrid>
);

const MembershipFields = ({ form }: { readonly form: ProviderFormApi }) => {
  const { provisioning, identity_key, link_by } = form.values;
  const directories = useQuery(directoriesQuery).data?.data ?? [];
  const usesDirectory = provisioning === 'scim' || link_by.startsWith('scim_');
  return (
    <Stack gap="xs">
      <Text fw={600}>Who may sign in</Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Select
          label="New members"
          description={PROVISIONING[provisioning].meaning}
          allowDeselect={false}
          data={Object.entries(PROVISIONING).map(([value, { label }]) => ({ value, label }))}
          {...form.getInputProps('provisioning')}
        />
        <Select
          label="An account is linked to a member by"
          description="Once, at its first sign-in; afterwards the account itself is known."
          allowDeselect={false}
          data={Object.entries(LINK_BY).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps('link_by')}
        />
        <Select
          label="E-mail addresses"
          description="Only addresses of the domains above count."
          allowDeselect={false}
          data={[
            { value: 'claim', label: 'The provider says that they are verified' },
            { value: 'trusted', label: 'The provider has verified all of them' },
          ]}
          {...form.getInputProps('email_verification')}
        />
        <Select
          label="An account is known by"
          description="With one tenant, issuer and subject are right."
          allowDeselect={false}
          data={[
            { value: 'sub', label: 'Issuer and subject' },
            { value: 'tid_oid', label: 'Tenant and object id (Entra, several tenants)' },
          ]}
          {...form.getInputProps('identity_key')}
        />
        {identity_key === 'tid_oid' && (
          <TextInput
            label="Allowed tenants"
            description="Tenant ids, separated by spaces"
            {...form.getInputProps('tenant_ids')}
          />
        )}
        {link_by.startsWith('scim_') && (
          <TextInput
            label="Claim to link by"
            description="Such as oid or preferred_username"
            {...form.getInputProps('link_claim')}
          />
        )}
        {usesDirectory && (
          <Select
            label="SCIM directory"
            description="Whose people sign in through this provider."
            data={directories.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('directory_id')}
          />
        )}
      </SimpleGrid>
    </Stack>
  );
};
