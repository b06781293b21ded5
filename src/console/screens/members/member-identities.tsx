import { useQuery } from '@tanstack/react-query';
import { type listUserIdentities, type User, unlinkUserIdentity } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { userIdentitiesQuery } from '../../data/sign-in.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { FactRow } from '../../kit/fact-row.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';

type Identity = ReplyOf<typeof listUserIdentities>['data'][number];

/** The accounts at identity providers that sign in as a member; each can be unlinked. */
export const MemberIdentities = ({ user }: { readonly user: User }) => {
  const identities = useQuery(userIdentitiesQuery(user.id));
  return (
    <Loadable
      query={identities}
      lines={1}
      isEmpty={({ data }) => data.length === 0}
      empty={<FactRow title="Single sign-on">No account at an identity provider signs in as this member.</FactRow>}
    >
      {({ data }) => data.map((identity) => <Linked key={identity.id} user={user} identity={identity} />)}
    </Loadable>
  );
};

const Linked = ({ user, identity }: { readonly user: User; readonly identity: Identity }) => {
  const manage = usePermission('identity:manage');
  const { provider_name, account, linked_at, last_used_at } = identity;
  const unlink = useAction({
    run: () => call(unlinkUserIdentity, { params: { user_id: user.id, identity_id: identity.id } }),
    touches: ['users'],
    errors: 'inline',
    done: () => `${account ?? 'The account'} at ${provider_name} is unlinked.`,
  });
  return (
    <FactRow
      title={`${provider_name}: ${account ?? 'an account without a name'}`}
      action={
        <AskButton
          size="xs"
          label="Unlink"
          name={`Unlink ${account ?? 'the account'} at ${provider_name}`}
          reason={manage.reason}
          title={`Unlink ${account ?? 'the account'} from ${user.name}?`}
          confirm="Unlink the account"
          deed={unlink}
        >
          All of their sessions end at once. The next account at {provider_name} that fits this member is linked when it
          signs in, which may be the same one again. Their keys and their password, if they have one, go on working.
        </AskButton>
      }
    >
      Linked <RelativeTime at={linked_at} /> · last used <RelativeTime at={last_used_at} />
    </FactRow>
  );
};
