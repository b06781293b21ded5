import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { restoreUser, suspendUser, type User } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';

type Props = { readonly user: User; readonly reason: string | null };

const TOUCHED = ['users', 'access'];

const reasonToKeep = (user: User, ownId: string | undefined): string | null => {
  if (user.role === 'primary_owner') return 'The primary owner cannot be suspended; transfer ownership first.';
  return user.id === ownId ? 'You cannot suspend yourself.' : null;
};

/** Takes a member's access away until it is given back, or gives it back. */
export const SuspendMember = ({ user, reason }: Props) =>
  user.status === 'suspended' ? <Restore user={user} reason={reason} /> : <Suspend user={user} reason={reason} />;

const Restore = ({ user, reason }: Props) => {
  const restore = useAction({
    run: () => call(restoreUser, { params: { user_id: user.id } }),
    touches: TOUCHED,
    done: () => `${user.name} has access again.`,
  });
  return (
    <DisabledReason reason={reason}>
      <Button
        leftSection={<IconPlayerPlay size={16} aria-hidden />}
        loading={restore.isPending}
        onClick={() => restore.mutate(undefined)}
      >
        Restore
      </Button>
    </DisabledReason>
  );
};

const Suspend = ({ user, reason }: Props) => {
  const ownId = useSession().user?.id;
  const suspend = useAction({
    run: () => call(suspendUser, { params: { user_id: user.id } }),
    touches: TOUCHED,
    errors: 'inline',
    done: () => `${user.name} is suspended.`,
  });
  return (
    <AskButton
      label="Suspend"
      leftSection={<IconPlayerPause size={16} aria-hidden />}
      reason={reason ?? reasonToKeep(user, ownId)}
      title={`Suspend ${user.name}?`}
      confirm="Suspend the member"
      deed={suspend}
    >
      Their sessions end and their keys are refused within a second, and answers that are still streaming to them stop.
      They keep their keys, groups and roles: once you restore them, the keys work again and they sign in anew.
    </AskButton>
  );
};
