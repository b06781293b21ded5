import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconCrown } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { transferOwnership, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { sessionQuery, useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';

/** Hands the role of the primary owner to a member; shown to its holder only. */
export const TransferOwnership = ({ user }: { readonly user: User }) => {
  const session = useSession();
  const [opened, setOpened] = useState(false);
  if (session.user?.role !== 'primary_owner' || user.role === 'primary_owner' || user.status !== 'active') return null;
  return (
    <>
      <Button variant="default" leftSection={<IconCrown size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Make primary owner
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Make ${user.name} the primary owner?`}
        returnFocus
      >
        {opened && <Form user={user} onClose={() => setOpened(false)} />}
      </Modal>
    </>
  );
};

const Form = ({ user, onClose }: { readonly user: User; readonly onClose: () => void }) => {
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const transfer = useAction({
    run: () => call(transferOwnership, { body: { user_id: user.id, email } }),
    touches: ['users', 'access'],
    errors: 'inline',
    done: () => `${user.name} is the primary owner now.`,
    onDone: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  const isConfirmed = email.trim().toLowerCase() === user.email.toLowerCase();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isConfirmed) transfer.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={transfer.error} />
        <Text size="sm">
          There is exactly one primary owner, who cannot be removed or suspended by anybody. You stay an owner, and only{' '}
          {user.name} can give the role back to you.
        </Text>
        <TextInput
          label="Type their e-mail address to confirm"
          description={user.email}
          autoComplete="off"
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <FormButtons
          submit="Hand over ownership"
          busy={transfer.isPending}
          disabled={!isConfirmed}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
};
