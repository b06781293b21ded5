import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { readSignInLink } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { isNotFound } from '../../kit/error-words.ts';
import { ButtonLink } from '../../kit/links.tsx';
import { Waiting } from '../../kit/loadable.tsx';
import { Failed } from '../../kit/states.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';
import { RedeemForm } from './redeem-form.tsx';

/** Where a one-time link leads: creating the owner at first start, or setting a password. */
export const LinkScreen = () => {
  const { token } = useSearch({ strict: false });
  const link = useQuery({
    queryKey: ['link', token],
    queryFn: () => call(readSignInLink, { body: { token: token ?? '' } }),
    enabled: token !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (token === undefined || isNotFound(link.error)) return <UsedLink />;
  if (link.data === undefined)
    return (
      <VisitorPage title="One moment">
        {link.error === null ? (
          <Waiting lines={3} />
        ) : (
          <Failed error={link.error} onRetry={() => void link.refetch()} />
        )}
      </VisitorPage>
    );
  return <RedeemForm token={token} link={link.data} />;
};

const UsedLink = () => (
  <VisitorPage title="This link does not work any more">
    <Text size="sm" mb="md">
      It has been used already, has expired, or was replaced by a newer one. Each link works once.
    </Text>
    <Text size="sm" mb="lg">
      If you have a password, sign in with it. Otherwise ask an administrator for a new link. For the first owner:
      restart Remit, it prints a fresh link as long as there is no owner.
    </Text>
    <ButtonLink to="/sign-in" fullWidth>
      Go to sign-in
    </ButtonLink>
  </VisitorPage>
);
