import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { acceptInvite, type readInvite, redeemSignInLink } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { changeSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';

type Props = { readonly token: string; readonly invite: ReplyOf<typeof readInvite> };
type Values = { name: string; password: string; again: string };

const PASSWORD_LENGTH_MIN = 12;

/** Takes a name and a password, makes the visitor a member and signs them in. */
export const AcceptForm = ({ token, invite }: Props) => {
  const client = useQueryClient();
  const router = useRouter();
  // An invite works once: should the password be refused after that, the link it gave is what is left to try again with.
  const [linkToken, setLinkToken] = useState<string | null>(null);
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { name: '', password: '', again: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter your name.' : null),
      password: (value) =>
        value.length >= PASSWORD_LENGTH_MIN ? null : `A password has at least ${PASSWORD_LENGTH_MIN} characters.`,
      again: (value, values) => (value === values.password ? null : 'The two passwords differ.'),
    },
  });
  const accept = useAction({
    run: async ({ name, password }: Values) => {
      const link = linkToken ?? (await call(acceptInvite, { body: { token, name: name.trim() } })).token;
      setLinkToken(link);
      return call(redeemSignInLink, { body: { token: link, password } });
    },
    touches: [],
    errors: 'inline',
    onDone: (session) => {
      changeSession(client, session);
      router.history.push('/me');
    },
  });
  return (
    <VisitorPage title={`Join ${invite.organization}`} description={`You are invited as ${invite.email}`}>
      <form onSubmit={form.onSubmit((values) => accept.mutate(values))} noValidate>
        <Stack gap="md">
          <FormError error={accept.error} />
          <TextInput
            key={form.key('name')}
            label="Your name"
            autoComplete="name"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <PasswordInput
            key={form.key('password')}
            label="Password"
            description={`At least ${PASSWORD_LENGTH_MIN} characters`}
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
          <Button type="submit" fullWidth loading={accept.isPending}>
            Join and sign in
          </Button>
          <small style={{ color: 'var(--mantine-color-dimmed)' }}>
            This invite works once and ends <RelativeTime at={invite.expires_at} />.
          </small>
        </Stack>
      </form>
    </VisitorPage>
  );
};
