import { Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';

type Props = {
  readonly opened: boolean;
  readonly title: string;
  /** What will happen, in whole sentences. */
  readonly children: ReactNode;
  readonly submit: string;
  readonly run: (password: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** Asks for the password before something that weakens how one signs in. */
export const AskPassword = ({ opened, title, onClose, ...rest }: Props) => (
  <Modal opened={opened} onClose={onClose} title={title} returnFocus>
    {opened && <PasswordForm {...rest} onClose={onClose} />}
  </Modal>
);

const PasswordForm = ({ children, submit, run, onDone, onClose }: Omit<Props, 'opened' | 'title'>) => {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: (value) => (value === '' ? 'Enter your password.' : null) },
  });
  const action = useAction({
    run: ({ password }: { password: string }) => run(password),
    touches: ['my-security'],
    errors: 'inline',
    onDone,
  });
  return (
    <form onSubmit={form.onSubmit((values) => action.mutate(values))} noValidate>
      <Stack gap="md">
        <Text size="sm">{children}</Text>
        <FormError error={action.error} />
        <PasswordInput
          key={form.key('password')}
          label="Your password"
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          {...form.getInputProps('password')}
        />
        <FormButtons submit={submit} busy={action.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
