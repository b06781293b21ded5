import { Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { addUser } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { ASSIGNABLE_ROLES, isAssignableRole } from '../../data/organisation-roles.ts';
import { useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';

type Props = { readonly opened: boolean; readonly onClose: () => void };
type Values = { email: string; name: string; role: string };

/** Adds a member and opens their page, where they can be given a sign-in link, roles and keys. */
export const AddMember = ({ opened, onClose }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Add a member" returnFocus>
    {opened && <MemberForm onClose={onClose} />}
  </Modal>
);

const MemberForm = ({ onClose }: Pick<Props, 'onClose'>) => {
  const navigate = useNavigate();
  const mayMakeOwners = ['primary_owner', 'owner'].includes(useSession().user?.role ?? '');
  const form = useForm<Values>({
    initialValues: { email: '', name: '', role: 'user' },
    validate: { email: (value) => (/.+@.+\..+/.test(value) ? null : 'Enter an e-mail address.') },
  });
  const add = useAction({
    run: ({ email, name, role }: Values) =>
      call(addUser, {
        body: {
          email: email.trim(),
          role: isAssignableRole(role) ? role : 'user',
          ...(name.trim() === '' ? {} : { name: name.trim() }),
        },
      }),
    touches: ['users'],
    errors: 'inline',
    done: (user) => `${user.name} is a member now.`,
    onDone: (user) => {
      onClose();
      void navigate({ to: '/members/$userId', params: { userId: user.id } });
    },
  });
  const offered = ASSIGNABLE_ROLES.filter(({ value }) => mayMakeOwners || value === 'user' || value === 'managed');
  return (
    <form onSubmit={form.onSubmit((values) => add.mutate(values))} noValidate>
      <Stack gap="md">
        <FormError error={add.error} />
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('email')}
        />
        <TextInput label="Name" description="Optional" autoComplete="off" {...form.getInputProps('name')} />
        <NativeSelect
          label="Organisation role"
          data={offered.map(({ value, label }) => ({ value, label }))}
          {...form.getInputProps('role')}
        />
        <Text size="sm" c="dimmed">
          {offered.find(({ value }) => value === form.values.role)?.meaning}
        </Text>
        <FormButtons submit="Add member" busy={add.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
