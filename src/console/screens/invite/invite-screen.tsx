import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { readInvite } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { isNotFound } from '../../kit/error-words.ts';
import { ButtonLink } from '../../kit/links.tsx';
import { Waiting } from '../../kit/loadable.tsx';
import { Failed } from '../../kit/states.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';
import { AcceptForm } from './accept-form.tsx';

/** Where the link of an invite leads: becoming a member. */
export const InviteScreen = () => {
  const { token } = useSearch({ strict: false });
  const invite = useQuery({
    queryKey: ['invite', token],
    queryFn: () => call(readInvite, { body: { token: token ?? '' } }),
    enabled: token !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (token === undefined || isNotFound(invite.error)) return <UsedInvite />;
  if (invite.data === undefined)
    return (
      <VisitorPage title="One moment">
        {invite.error === null ? (
          <Waiting lines={3} />
        ) : (
          <Failed error={invite.error} onRetry={() => void invite.refetch()} />
        )}
      </VisitorPage>
    );
  return <AcceptForm token={token} invite={invite.data} />;
};

const UsedInvite = () => (
  <VisitorPage title="This invite does not work any more">
    <Text size="sm" mb="lg">
      It has been used already, was withdrawn, has expired, or was replaced by a newer one. Ask an administrator for a
      new one. If you have a password already, sign in with it.
    </Text>
    <ButtonLink to="/sign-in" fullWidth>
      Go to sign-in
    </ButtonLink>
  </VisitorPage>
);
