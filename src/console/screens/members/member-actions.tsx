import { Button, Modal, Stack, Text } from '@mantine/core';
import { IconKey, IconLink } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createApiKey, createSignInLink, removeUser, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission, useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { CopyOnce } from '../../kit/copy-once.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { CreateKeyDialog } from '../../parts/create-key-dialog.tsx';
import { SuspendMember } from './suspend-member.tsx';
import { TransferOwnership } from './transfer-ownership.tsx';

const SUSPENDED = 'This member is suspended; restore them first.';

/** What can be done with a member: a sign-in link, a key, removing them. */
export const MemberActions = ({ user }: { readonly user: User }) => {
  const manage = usePermission('users:manage');
  const [makingKey, setMakingKey] = useState(false);
  return (
    <>
      <TransferOwnership user={user} />
      <SignInLink user={user} reason={manage.reason ?? (user.status === 'suspended' ? SUSPENDED : null)} />
      <DisabledReason reason={manage.reason}>
        <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={() => setMakingKey(true)}>
          Create key
        </Button>
      </DisabledReason>
      <SuspendMember user={user} reason={manage.reason} />
      <Remove user={user} reason={manage.reason} />
      <CreateKeyDialog
        opened={makingKey}
        title={`Create a key for ${user.name}`}
        create={(name) => call(createApiKey, { body: { name, user_id: user.id } })}
        onClose={() => setMakingKey(false)}
      />
    </>
  );
};

type Props = { readonly user: User; readonly reason: string | null };

const SignInLink = ({ user, reason }: Props) => {
  const link = useAction({
    run: () => call(createSignInLink, { params: { user_id: user.id } }),
    touches: [],
  });
  return (
    <>
      <DisabledReason reason={reason}>
        <Button
          variant="default"
          leftSection={<IconLink size={16} aria-hidden />}
          loading={link.isPending}
          onClick={() => link.mutate(undefined)}
        >
          Create sign-in link
        </Button>
      </DisabledReason>
      <Modal opened={link.data !== undefined} onClose={link.reset} title="Sign-in link" size="lg" returnFocus>
        {link.data !== undefined && (
          <Stack gap="md">
            <Text size="sm">
              Send this link to {user.name}. With it they choose a password and sign in. It works once and ends{' '}
              <RelativeTime at={link.data.expires_at} />. Earlier links of theirs no longer work.
            </Text>
            <CopyOnce
              label="Link"
              secret={link.data.url}
              warning="Whoever has this link can sign in as this member. It is not shown again."
            />
          </Stack>
        )}
      </Modal>
    </>
  );
};

const reasonToKeep = (user: User, ownId: string | undefined): string | null => {
  if (user.role === 'primary_owner') return 'The primary owner cannot be removed; transfer ownership first.';
  return user.id === ownId ? 'You cannot remove yourself.' : null;
};

const Remove = ({ user, reason }: Props) => {
  const navigate = useNavigate();
  const ownId = useSession().user?.id;
  const remove = useAction({
    run: () => call(removeUser, { params: { user_id: user.id } }),
    touches: ['users', 'groups', 'keys', 'matrix'],
    errors: 'inline',
    done: () => `${user.name} is removed.`,
    onDone: () => navigate({ to: '/members' }),
  });
  return (
    <AskButton
      danger
      label="Remove"
      reason={reason ?? reasonToKeep(user, ownId)}
      title={`Remove ${user.name}?`}
      confirm="Remove the member"
      deed={remove}
    >
      Their keys and sessions end within a second, and answers that are still streaming to them stop. They leave all
      groups. Their past requests stay on record.
    </AskButton>
  );
};
