import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { acceptInvite, type readInvite, redeemSignInLink } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { changeSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { type NewPassword, NewPasswordForm, newPasswordRules, required } from '../../parts/new-password.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';

type Props = { readonly token: string; readonly invite: ReplyOf<typeof readInvite> };
type Values = NewPassword & { name: string };

/** Takes a name and a password, makes the visitor a member and signs them in. */
export const AcceptForm = ({ token, invite }: Props) => {
  const client = useQueryClient();
  const router = useRouter();
  // An invite works once: should the password be refused after that, the link it gave is what is left to try again with.
  const [linkToken, setLinkToken] = useState<string | null>(null);
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: { name: '', password: '', again: '' },
    validate: { name: required('Enter your name.'), ...newPasswordRules },
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
      <NewPasswordForm
        form={form}
        submit="Join and sign in"
        noun="invite"
        expiresAt={invite.expires_at}
        busy={accept.isPending}
        error={accept.error}
        onSubmit={form.onSubmit((values) => accept.mutate(values))}
      >
        <TextInput
          key={form.key('name')}
          label="Your name"
          autoComplete="name"
          data-autofocus
          {...form.getInputProps('name')}
        />
      </NewPasswordForm>
    </VisitorPage>
  );
};
