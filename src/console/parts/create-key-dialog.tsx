import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useAction } from '../data/use-action.ts';
import { CopyOnce } from '../kit/copy-once.tsx';
import { FormButtons, FormError } from '../kit/form-parts.tsx';
import { ConnectLines } from './connect-lines.tsx';

type Props = {
  readonly opened: boolean;
  readonly title: string;
  /** Whom the key is for; stands above the name. */
  readonly children?: ReactNode;
  /** Why the key cannot be made yet; null when it can. */
  readonly missing?: string | null;
  /** First parts of the queries that a new key makes stale. */
  readonly touches?: readonly string[];
  /** Whether the key is for requests to models, so that the dialog says how to put it to use. */
  readonly forRequests?: boolean;
  readonly create: (name: string) => Promise<{ readonly key: string }>;
  readonly onClose: () => void;
};

/** Makes a key and shows its secret once, with the lines that put it to use. */
export const CreateKeyDialog = ({ opened, title, onClose, ...rest }: Props) => (
  <Modal opened={opened} onClose={onClose} title={title} size="lg" closeOnClickOutside={false} returnFocus>
    {opened && <KeyForm {...rest} onClose={onClose} />}
  </Modal>
);

const KeyForm = ({ children, missing = null, create, onClose, ...rest }: Omit<Props, 'opened' | 'title'>) => {
  const { touches = ['keys', 'my-keys'], forRequests = true } = rest;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter a name, such as the machine the key is for.' : missing),
    },
  });
  const action = useAction({ run: create, touches, errors: 'inline' });
  if (action.data !== undefined)
    return (
      <Stack gap="lg">
        <CopyOnce
          label="Key"
          secret={action.data.key}
          warning="Copy the key now. Only its fingerprint is stored, so it cannot be shown again."
        />
        {forRequests && <ConnectLines apiKey={action.data.key} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={form.onSubmit(({ name }) => action.mutate(name.trim()))} noValidate>
      <Stack gap="md">
        <FormError error={action.error} />
        {children}
        <TextInput
          key={form.key('name')}
          label="Name"
          description="Shown wherever the key is used, for example “laptop” or “nightly build”"
          autoComplete="off"
          maxLength={255}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <FormButtons submit="Create key" busy={action.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
