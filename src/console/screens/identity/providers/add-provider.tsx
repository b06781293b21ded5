import { Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { createIdentityProvider } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { useAction } from '../../../data/use-action.ts';
import { FormButtons, FormError } from '../../../kit/form-parts.tsx';

type Props = { readonly opened: boolean; readonly onClose: () => void };

/** Adds an identity provider, which starts switched off. */
export const AddProvider = ({ opened, onClose }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Add an identity provider" returnFocus>
    {opened && <AddForm onClose={onClose} />}
  </Modal>
);

type Values = { name: string; issuer: string; client_id: string; client_secret: string };

const required = (words: string) => (value: string) => (value.trim() === '' ? words : null);

const AddForm = ({ onClose }: { readonly onClose: () => void }) => {
  const navigate = useNavigate();
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { name: '', issuer: '', client_id: '', client_secret: '' },
    validate: {
      name: required('Enter a name.'),
      issuer: (value) => (/^https?:\/\/.+/.test(value.trim()) ? null : 'Enter the address of the issuer.'),
      client_id: required('Enter the client id.'),
    },
  });
  const add = useAction({
    run: ({ client_secret, ...rest }: Values) =>
      call(createIdentityProvider, { body: { ...rest, ...(client_secret === '' ? {} : { client_secret }) } }),
    touches: ['identity-providers'],
    errors: 'inline',
    onDone: ({ id }) => navigate({ to: '/identity/providers/$providerId', params: { providerId: id } }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={add.error} />
        <TextInput
          key={form.key('name')}
          label="Name"
          description="People see it on the sign-in button."
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          key={form.key('issuer')}
          label="Issuer"
          description="The address before /.well-known/openid-configuration"
          placeholder="https://login.example.com"
          {...form.getInputProps('issuer')}
        />
        <TextInput
          key={form.key('client_id')}
          label="Client id"
          autoComplete="off"
          {...form.getInputProps('client_id')}
        />
        <PasswordInput
          key={form.key('client_secret')}
          label="Client secret"
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the secret' }}
          {...form.getInputProps('client_secret')}
        />
        <FormButtons submit="Add provider" busy={add.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
