import { Button, PasswordInput, Stack } from '@mantine/core';
import type { FormRulesRecord, UseFormReturnType } from '@mantine/form';
import type { FormEventHandler, ReactNode } from 'react';
import { PASSWORD_CHARS_MIN } from '../../directory/contract.ts';
import { FormError } from '../kit/form-parts.tsx';
import { RelativeTime } from '../kit/relative-time.tsx';

/** What every form has that sets a first password. */
export type NewPassword = { password: string; again: string };

/** The rules for a field that has to be filled. */
export const required = (words: string) => (value: string) => (value.trim() === '' ? words : null);

/** What can be said of a new password before it is sent. */
export const newPasswordRules: FormRulesRecord<NewPassword, NewPassword> = {
  password: (value) =>
    value.length >= PASSWORD_CHARS_MIN ? null : `A password has at least ${PASSWORD_CHARS_MIN} characters.`,
  again: (value, values) => (value === values.password ? null : 'The two passwords differ.'),
};

type FieldsProps = { readonly form: Pick<UseFormReturnType<NewPassword>, 'key' | 'getInputProps'> };

const PasswordFields = ({ form }: FieldsProps) => (
  <>
    <PasswordInput
      key={form.key('password')}
      label="Password"
      description={`At least ${PASSWORD_CHARS_MIN} characters`}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
      {...form.getInputProps('password')}
    />
    <PasswordInput
      key={form.key('again')}
      label="Password again"
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the repeated password' }}
      {...form.getInputProps('again')}
    />
  </>
);

type Props = FieldsProps & {
  readonly submit: string;
  /** What was followed to come here: “link”, “invite”; it works once. */
  readonly noun: string;
  readonly expiresAt: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: FormEventHandler<HTMLFormElement>;
  /** What is asked beside the password, above it. */
  readonly children?: ReactNode;
};

/** The form of a visitor who came by a link: what is asked of them, and the password they choose. */
export const NewPasswordForm = ({ form, submit, noun, expiresAt, busy, error, onSubmit, children }: Props) => (
  <form onSubmit={onSubmit} noValidate>
    <Stack gap="md">
      <FormError error={error} />
      {children}
      <PasswordFields form={form} />
      <Button type="submit" fullWidth loading={busy}>
        {submit}
      </Button>
      <small style={{ color: 'var(--mantine-color-dimmed)' }}>
        This {noun} works once and ends <RelativeTime at={expiresAt} />.
      </small>
    </Stack>
  </form>
);
