import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { signIn } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { changeSession, sessionQuery } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';

/** Signing in with e-mail address and password; leads back to where the visitor wanted to go. */
export const SignInScreen = () => {
  const { next } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const router = useRouter();
  const session = useQuery(sessionQuery).data;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.includes('@') ? null : 'Enter your e-mail address.'),
      password: (value) => (value === '' ? 'Enter your password.' : null),
    },
  });
  const action = useAction({
    run: (body: { email: string; password: string }) => call(signIn, { body }),
    touches: [],
    errors: 'inline',
    onDone: (reply) => {
      changeSession(client, reply);
      router.history.push(next ?? '/');
    },
  });
  return (
    <VisitorPage title="Sign in" description={session === undefined ? undefined : `to ${session.organization.name}`}>
      <form onSubmit={form.onSubmit((values) => action.mutate(values))} noValidate>
        <Stack gap="md">
          {session?.has_owner === false && (
            <Alert color="blue" title="Nobody has set up Remit yet">
              When Remit starts for the first time it prints a link that creates the owner. Open that link.
            </Alert>
          )}
          <FormError error={action.error} />
          <TextInput
            key={form.key('email')}
            label="E-mail address"
            type="email"
            autoComplete="username"
            data-autofocus
            {...form.getInputProps('email')}
          />
          <PasswordInput
            key={form.key('password')}
            label="Password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
            {...form.getInputProps('password')}
          />
          <Button type="submit" fullWidth loading={action.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </VisitorPage>
  );
};
