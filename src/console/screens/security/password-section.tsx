import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { changeMyPassword, type MySecurity } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { SectionCard } from '../../kit/section-card.tsx';

const PASSWORD_CHARS_MIN = 12;
const TOGGLE = { 'aria-label': 'Show or hide the password' };

/** Whether I have a password, and changing it. */
export const PasswordSection = ({ security }: { readonly security: MySecurity }) => {
  const [changing, setChanging] = useState(false);
  const close = () => setChanging(false);
  return (
    <SectionCard
      title="Password"
      description={
        security.has_password
          ? 'Changing it signs you out on all other devices.'
          : 'You sign in through your identity provider and have no password here.'
      }
      actions={
        security.has_password && (
          <Button variant="default" onClick={() => setChanging(true)}>
            Change password
          </Button>
        )
      }
    >
      <Modal opened={changing} onClose={close} title="Change password" returnFocus>
        {changing && <PasswordForm onClose={close} />}
      </Modal>
      {security.has_password && (
        <Text size="sm" c="dimmed">
          At least {PASSWORD_CHARS_MIN} characters; a few unrelated words are better than one word with signs in it.
        </Text>
      )}
    </SectionCard>
  );
};

type Values = { current: string; next: string; again: string };

const PasswordForm = ({ onClose }: { readonly onClose: () => void }) => {
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { current: '', next: '', again: '' },
    validate: {
      current: (value) => (value === '' ? 'Enter your password.' : null),
      next: (value) =>
        value.length >= PASSWORD_CHARS_MIN ? null : `A password has at least ${PASSWORD_CHARS_MIN} characters.`,
      again: (value, values) => (value === values.next ? null : 'The two passwords differ.'),
    },
  });
  const change = useAction({
    run: ({ current, next }: Values) =>
      call(changeMyPassword, { body: { current_password: current, new_password: next } }),
    touches: ['my-security', 'my-sessions'],
    errors: 'inline',
    done: () => 'Your password is changed; you are signed out everywhere else.',
    onDone: onClose,
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={change.error} />
        <PasswordInput
          key={form.key('current')}
          label="Current password"
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={TOGGLE}
          {...form.getInputProps('current')}
        />
        <PasswordInput
          key={form.key('next')}
          label="New password"
          autoComplete="new-password"
          visibilityToggleButtonProps={TOGGLE}
          {...form.getInputProps('next')}
        />
        <PasswordInput
          key={form.key('again')}
          label="New password again"
          autoComplete="new-password"
          visibilityToggleButtonProps={TOGGLE}
          {...form.getInputProps('again')}
        />
        <FormButtons submit="Change password" busy={change.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
