import { useQuery } from '@tanstack/react-query';
import { resetUserSecondFactor, signOutUser, type User, type UserSecurity } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission, useSession } from '../../data/session.ts';
import { userDevicesQuery, userSecurityQuery } from '../../data/sign-in.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { FactRow } from '../../kit/fact-row.tsx';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { MemberIdentities } from './member-identities.tsx';

/** How a member signs in, and what an administrator can end: sessions, a lost second factor, a linked account. */
export const MemberSignIn = ({ user }: { readonly user: User }) => {
  const security = useQuery(userSecurityQuery(user.id));
  return (
    <SectionCard
      title="Sign-in"
      description="What opens this member’s console. Keys are apart from it: they go on working until they are revoked."
      flush
    >
      <Loadable query={security} lines={3}>
        {(data) => (
          <>
            <Sessions user={user} security={data} />
            <SecondFactor user={user} security={data} />
          </>
        )}
      </Loadable>
      <MemberIdentities user={user} />
    </SectionCard>
  );
};

type Props = { readonly user: User; readonly security: UserSecurity };

const OWNERS_ONLY = 'Only an owner can do this to owners and admins.';

/** Why somebody may not look after the sign-in of a member; null when they may. */
const useReason = ({ role }: User): string | null => {
  const manage = usePermission('users:manage');
  const isOwner = ['primary_owner', 'owner'].includes(useSession().user?.role ?? '');
  const isTheirs = ['primary_owner', 'owner', 'membership_admin'].includes(role);
  return manage.reason ?? (isTheirs && !isOwner ? OWNERS_ONLY : null);
};

const Sessions = ({ user, security }: Props) => {
  const reason = useReason(user);
  const isMe = useSession().user?.id === user.id;
  const count = security.session_count;
  const devices = useQuery(userDevicesQuery(user.id)).data?.data.length ?? 0;
  const signOut = useAction({
    run: () => call(signOutUser, { params: { user_id: user.id } }),
    touches: ['users'],
    errors: 'inline',
    done: () => `${user.name} is signed out everywhere.`,
  });
  const own = isMe ? 'Your own sessions are under My access, Security.' : null;
  const primary = user.role === 'primary_owner' ? 'The primary owner cannot be signed out by somebody else.' : null;
  const none = count + devices === 0 ? 'They are not signed in anywhere.' : null;
  return (
    <FactRow
      title="Sessions"
      action={
        <AskButton
          size="xs"
          label="Sign out everywhere"
          reason={reason ?? own ?? primary ?? none}
          title={`Sign ${user.name} out everywhere?`}
          confirm="Sign them out"
          deed={signOut}
        >
          {count === 1 ? 'Their session ends' : `Their ${count} sessions end`} at once, and Claude Code is signed out on
          their devices. They may sign in again, and their keys go on working. If the account may be in other hands,
          suspend the member instead.
        </AskButton>
      }
    >
      {count === 0 ? 'Signed in nowhere' : `Signed in at ${plural(count, 'place')}`}
      {security.has_password ? ' · has a password' : ' · has no password'}
    </FactRow>
  );
};

const SecondFactor = ({ user, security }: Props) => {
  const reason = useReason(user);
  const { is_enabled, enabled_at } = security.second_factor;
  const suspended = user.status === 'suspended' ? 'This member is suspended; restore them first.' : null;
  const reset = useAction({
    run: () => call(resetUserSecondFactor, { params: { user_id: user.id } }),
    touches: ['users'],
    errors: 'inline',
    done: () => `${user.name} has no second factor any more.`,
  });
  return (
    <FactRow
      title="Second factor"
      action={
        <AskButton
          size="xs"
          label="Reset second factor"
          reason={reason ?? (is_enabled ? suspended : 'They have not set one up.')}
          title={`Take the second factor of ${user.name} away?`}
          confirm="Reset the second factor"
          deed={reset}
        >
          For somebody who has lost their phone and their recovery codes. Make sure that it is them who ask: from now on
          their password alone signs in. Their sessions end at once and their recovery codes stop working; where the
          rules ask for a second factor, they set one up at the next sign-in. Their keys go on working.
        </AskButton>
      }
    >
      {enabled_at === null ? (
        'Not set up'
      ) : (
        <>
          On since <RelativeTime at={enabled_at} />
        </>
      )}
    </FactRow>
  );
};
