import { Code, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { confirmMySecondFactor, enrolMySecondFactor } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { CopyText } from '../../kit/copy-text.tsx';
import { errorCode } from '../../kit/error-words.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { QrCode } from '../../kit/qr-code.tsx';

type Enrolment = ReplyOf<typeof enrolMySecondFactor>;

type Props = { readonly onEnrolled: (codes: readonly string[]) => void; readonly onCancel: () => void };

/** Sets up a second factor in two steps: the password, unless one has just signed in, and a first code of the app. */
export const Enrol = ({ onEnrolled, onCancel }: Props) => {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  return enrolment === null ? (
    <StartForm onStarted={setEnrolment} onCancel={onCancel} />
  ) : (
    <ConfirmForm enrolment={enrolment} onEnrolled={onEnrolled} onCancel={onCancel} />
  );
};

type StartProps = { readonly onStarted: (enrolment: Enrolment) => void; readonly onCancel: () => void };

const StartForm = ({ onStarted, onCancel }: StartProps) => {
  const [asksPassword, setAsksPassword] = useState(false);
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '' } });
  const start = useAction({
    run: ({ password }: { password: string }) =>
      call(enrolMySecondFactor, { body: password === '' ? {} : { password } }).catch((error: unknown) => {
        if (errorCode(error) !== 'password_required' || asksPassword) throw error;
        return undefined;
      }),
    touches: [],
    errors: 'inline',
    onDone: (enrolment) => (enrolment === undefined ? setAsksPassword(true) : onStarted(enrolment)),
  });
  return (
    <form onSubmit={form.onSubmit((values) => start.mutate(values))} noValidate>
      <Stack gap="md">
        <Text size="sm">
          You need an authenticator app on your phone, such as the one of your password manager. It shows a new code
          every half minute.
        </Text>
        <FormError error={start.error} />
        {asksPassword && (
          <PasswordInput
            key={form.key('password')}
            label="Your password"
            autoComplete="current-password"
            autoFocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
            {...form.getInputProps('password')}
          />
        )}
        <FormButtons submit="Continue" busy={start.isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
};

type ConfirmProps = Props & { readonly enrolment: Enrolment };

const ConfirmForm = ({ enrolment, onEnrolled, onCancel }: ConfirmProps) => {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: { code: (value) => (/^\d{3} ?\d{3}$/.test(value.trim()) ? null : 'Enter the six digits.') },
  });
  const confirm = useAction({
    run: ({ code }: { code: string }) => call(confirmMySecondFactor, { body: { code: code.trim() } }),
    touches: ['my-security', 'my-sessions'],
    errors: 'inline',
    onDone: ({ recovery_codes }) => onEnrolled(recovery_codes),
  });
  return (
    <form onSubmit={form.onSubmit((values) => confirm.mutate(values))} noValidate>
      <Stack gap="md" align="stretch">
        <Text size="sm">Scan this with the app, or type the secret in. Then enter the code that it shows.</Text>
        <Stack align="center" gap="xs">
          <QrCode text={enrolment.otpauth_url} label="QR code for the authenticator app" />
          <Group gap={4}>
            <Code>{enrolment.secret.replace(/.{4}(?=.)/g, '$& ')}</Code>
            <CopyText value={enrolment.secret} label="Copy the secret" />
          </Group>
        </Stack>
        <FormError error={confirm.error} />
        <TextInput
          key={form.key('code')}
          label="Code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          autoFocus
          {...form.getInputProps('code')}
        />
        <FormButtons submit="Confirm" busy={confirm.isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
};
