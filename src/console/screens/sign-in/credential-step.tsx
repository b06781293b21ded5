import { Anchor, Button, Divider, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { type findSignInMethod, type Session, signIn } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { errorCode } from '../../kit/error-words.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { beginUrl } from './begin-url.ts';

type Props = {
  readonly email: string;
  readonly methods: ReplyOf<typeof findSignInMethod>;
  readonly next: string | undefined;
  readonly onEntered: (session: Session) => void;
  readonly onBack: () => void;
};

type Values = { password: string; code: string };

/** Signs in with the identity provider or the password, and with the second factor where there is one. */
export const CredentialStep = ({ email, methods, next, onEntered, onBack }: Props) => {
  const { provider } = methods;
  return (
    <Stack gap="md">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" truncate>
          {email}
        </Text>
        <Anchor component="button" type="button" size="sm" onClick={onBack}>
          Change
        </Anchor>
      </Group>
      {provider !== null && (
        <>
          <Button component="a" href={beginUrl(provider.begin_url, next)} fullWidth>
            Continue with {provider.name}
          </Button>
          <Divider label="or" />
        </>
      )}
      <PasswordForm email={email} isSecondary={provider !== null} onEntered={onEntered} />
    </Stack>
  );
};

type PasswordProps = Pick<Props, 'email' | 'onEntered'> & { readonly isSecondary: boolean };

const PasswordForm = ({ email, isSecondary, onEntered }: PasswordProps) => {
  const [asksCode, setAsksCode] = useState(false);
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { password: '', code: '' },
    validate: {
      password: (value) => (value === '' ? 'Enter your password.' : null),
      code: (value) => (asksCode && value.trim() === '' ? 'Enter the code.' : null),
    },
  });
  const enter = useAction({
    run: async ({ password, code }: Values) => {
      try {
        return await call(signIn, { body: { email, password, ...(asksCode ? { code } : {}) } });
      } catch (error) {
        if (errorCode(error) !== 'second_factor_required') throw error;
        return undefined;
      }
    },
    touches: [],
    errors: 'inline',
    onDone: (session) => (session === undefined ? setAsksCode(true) : onEntered(session)),
  });
  return (
    <form onSubmit={form.onSubmit((values) => enter.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={enter.error} />
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        {asksCode ? (
          <TextInput
            key={form.key('code')}
            label="Code"
            description="What your authenticator app shows now, or one of your recovery codes."
            autoComplete="one-time-code"
            autoFocus
            maxLength={64}
            {...form.getInputProps('code')}
          />
        ) : (
          <PasswordInput
            key={form.key('password')}
            label="Password"
            autoComplete="current-password"
            autoFocus={!isSecondary}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
            {...form.getInputProps('password')}
          />
        )}
        <Button type="submit" fullWidth variant={isSecondary ? 'default' : 'filled'} loading={enter.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
};
