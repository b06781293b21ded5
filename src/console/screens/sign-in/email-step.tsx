import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { findSignInMethod } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { beginUrl } from './begin-url.ts';

type Found = { readonly email: string; readonly methods: ReplyOf<typeof findSignInMethod> };

type Props = { readonly next: string | undefined; readonly onFound: (found: Found) => void };

/** Asks who wants to sign in. Where only the identity provider may, it leads there at once. */
export const EmailStep = ({ next, onFound }: Props) => {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (value) => (value.includes('@') ? null : 'Enter your e-mail address.') },
  });
  const find = useAction({
    run: async ({ email }: { email: string }): Promise<Found> => ({
      email,
      methods: await call(findSignInMethod, { body: { email } }),
    }),
    touches: [],
    errors: 'inline',
    onDone: (found) => {
      const { provider, is_enforced } = found.methods;
      if (provider !== null && is_enforced) window.location.assign(beginUrl(provider.begin_url, next));
      else onFound(found);
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => find.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={find.error} />
        <TextInput
          key={form.key('email')}
          label="E-mail address"
          type="email"
          autoComplete="username"
          data-autofocus
          autoFocus
          {...form.getInputProps('email')}
        />
        <Button type="submit" fullWidth loading={find.isPending}>
          Continue
        </Button>
      </Stack>
    </form>
  );
};
