import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { createDirectory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { useAction } from '../../../data/use-action.ts';
import { CopyOnce } from '../../../kit/copy-once.tsx';
import { FormButtons, FormError } from '../../../kit/form-parts.tsx';
import { Connection } from './connection.tsx';
import { readDomains } from './read-domains.ts';

type Props = { readonly opened: boolean; readonly onClose: () => void };

/** Makes a directory and shows its token once, with the addresses that belong to it. */
export const CreateDirectoryDialog = ({ opened, onClose }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Add a directory" size="lg" closeOnClickOutside={false} returnFocus>
    {opened && <DirectoryForm onClose={onClose} />}
  </Modal>
);

type Values = { readonly name: string; readonly domains: string; readonly preview: boolean };

const DirectoryForm = ({ onClose }: Pick<Props, 'onClose'>) => {
  const navigate = useNavigate();
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { name: '', domains: '', preview: true },
    validate: { name: (value) => (value.trim() === '' ? 'Enter a name, such as the identity provider’s.' : null) },
  });
  const create = useAction({
    run: ({ name, domains, preview }: Values) =>
      call(createDirectory, {
        body: {
          name: name.trim(),
          kind: 'scim',
          mode: preview ? 'preview' : 'live',
          authoritative_domains: readDomains(domains),
          removal_share_percent: 20,
        },
      }),
    touches: ['directories'],
    errors: 'inline',
  });
  if (create.data !== undefined) {
    const { id, token, scim_url: url } = create.data;
    return (
      <Stack gap="lg">
        <CopyOnce
          label="Token"
          secret={token}
          warning="Copy the token now. Only its fingerprint is stored, so it cannot be shown again."
        />
        <Connection url={url} />
        <Group justify="flex-end">
          <Button
            onClick={() => {
              onClose();
              void navigate({ to: '/identity/directories/$directoryId', params: { directoryId: id } });
            }}
          >
            Done
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={create.error} />
        <TextInput
          key={form.key('name')}
          label="Name"
          description="For example “Okta” or “Entra ID”"
          autoComplete="off"
          maxLength={255}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <TextInput
          key={form.key('domains')}
          label="Domains of your organisation"
          description="Members you have already, with addresses of these domains, come under the directory. Separate several by commas."
          placeholder="example.com"
          autoComplete="off"
          {...form.getInputProps('domains')}
        />
        <Checkbox
          key={form.key('preview')}
          label="Preview first"
          description="What arrives is kept and shown, but changes nobody’s access until you go live"
          {...form.getInputProps('preview', { type: 'checkbox' })}
        />
        <FormButtons submit="Add the directory" busy={create.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
