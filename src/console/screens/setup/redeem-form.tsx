import { TextInput } from '@mantine/core';
import { type FormRulesRecord, type UseFormReturnType, useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type readSignInLink, redeemSignInLink } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { changeSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { type NewPassword, NewPasswordForm, newPasswordRules, required } from '../../parts/new-password.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';

type Link = ReplyOf<typeof readSignInLink>;
type Values = NewPassword & { name: string; email: string; organization_name: string; code: string };

const rulesFor = (isOwner: boolean, isFirst: boolean, asksCode: boolean): FormRulesRecord<Values, Values> => ({
  ...(isOwner
    ? {
        name: required('Enter your name.'),
        email: (value: string) => (/.+@.+\..+/.test(value) ? null : 'Enter your e-mail address.'),
        ...(isFirst ? { organization_name: required("Enter the organisation's name.") } : {}),
      }
    : {}),
  ...(asksCode ? { code: required('Enter the code.') } : {}),
  ...newPasswordRules,
});

/** Creates the owner, or sets the password of a member, and signs in. */
export const RedeemForm = ({ token, link }: { readonly token: string; readonly link: Link }) => {
  const isFirst = link.purpose === 'create_owner';
  // An emergency link for nobody in particular makes a new owner.
  const isOwner = isFirst || (link.purpose === 'emergency_owner' && link.email === null);
  const asksCode = link.asks_for_code;
  const client = useQueryClient();
  const router = useRouter();
  const form = useForm<Values>({
    mode: 'uncontrolled',
    initialValues: {
      ...{ name: link.name ?? '', email: link.email ?? '', organization_name: '' },
      ...{ password: '', again: '', code: '' },
    },
    validate: rulesFor(isOwner, isFirst, asksCode),
  });
  const action = useAction({
    run: ({ password, again: _again, organization_name, code, ...owner }: Values) =>
      call(redeemSignInLink, {
        body: {
          ...{ token, password },
          ...(asksCode ? { code } : {}),
          ...(isOwner ? owner : {}),
          ...(isFirst ? { organization_name } : {}),
        },
      }),
    touches: [],
    errors: 'inline',
    onDone: (session) => {
      changeSession(client, session);
      router.history.push(isOwner ? '/models' : '/me');
    },
  });
  return (
    <VisitorPage
      title={isFirst ? 'Set up Remit' : isOwner ? 'Become an owner' : 'Choose a password'}
      description={
        isFirst
          ? 'You become the first owner and may change everything later.'
          : isOwner
            ? 'This emergency link makes a new owner, whose password counts whatever the identity provider says.'
            : `For ${link.email ?? 'your account'}`
      }
    >
      <NewPasswordForm
        form={form}
        submit={isOwner ? 'Create the owner' : 'Save and sign in'}
        noun="link"
        expiresAt={link.expires_at}
        busy={action.isPending}
        error={action.error}
        onSubmit={form.onSubmit((values) => action.mutate(values))}
      >
        {isOwner && <OwnerFields form={form} isFirst={isFirst} />}
        {asksCode && <CodeField form={form} />}
      </NewPasswordForm>
    </VisitorPage>
  );
};

type FieldsProps = { readonly form: UseFormReturnType<Values> };

const CodeField = ({ form }: FieldsProps) => (
  <TextInput
    key={form.key('code')}
    label="Code"
    description="What your authenticator app shows now, or one of your recovery codes."
    autoComplete="one-time-code"
    maxLength={64}
    {...form.getInputProps('code')}
  />
);

const OwnerFields = ({ form, isFirst }: FieldsProps & { readonly isFirst: boolean }) => (
  <>
    <TextInput
      key={form.key('name')}
      label="Your name"
      autoComplete="name"
      data-autofocus
      {...form.getInputProps('name')}
    />
    <TextInput
      key={form.key('email')}
      label="E-mail address"
      type="email"
      autoComplete="username"
      {...form.getInputProps('email')}
    />
    {isFirst && (
      <TextInput
        key={form.key('organization_name')}
        label="Organisation"
        autoComplete="organization"
        {...form.getInputProps('organization_name')}
      />
    )}
  </>
);
