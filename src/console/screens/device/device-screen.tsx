import { Anchor, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { findDeviceSignIn } from '../../../claude-code/contract.ts';
import { signOut } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { sessionQuery, useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { isNotFound, sentenceOf } from '../../kit/error-words.ts';
import { TextLink } from '../../kit/links.tsx';
import { Waiting } from '../../kit/loadable.tsx';
import { Failed } from '../../kit/states.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';
import { AskCode } from './ask-code.tsx';
import { ConfirmDevice } from './confirm-device.tsx';
import { Decided, type Decision } from './decided.tsx';

const TITLE = 'Sign in to Claude Code';

/**
 * Where Claude Code sends somebody who signs in there: the code is compared, and only then confirmed. Following a link
 * confirms nothing, whatever the link says.
 */
export const DeviceScreen = () => {
  const { user_code: inLink } = useSearch({ from: '/device' });
  const [code, setCode] = useState(inLink ?? null);
  const [decision, setDecision] = useState<Decision | null>(null);
  const device = useQuery({
    queryKey: ['device-sign-in', code],
    queryFn: () => call(findDeviceSignIn, { body: { user_code: code ?? '' } }),
    enabled: code !== null && decision === null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
  });
  const type = (typed: string) => {
    if (typed === code) void device.refetch();
    else setCode(typed);
  };
  if (decision !== null) return <Decided decision={decision} />;
  if (code === null || isNotFound(device.error))
    return (
      <VisitorPage title={TITLE} description="Type the code that your terminal shows.">
        <AskCode problem={device.error === null ? null : sentenceOf(device.error)} onTyped={type} />
        <SignedInAs />
      </VisitorPage>
    );
  if (device.data === undefined)
    return (
      <VisitorPage title={TITLE}>
        {device.error === null ? (
          <Waiting lines={4} />
        ) : (
          <Failed error={device.error} onRetry={() => void device.refetch()} />
        )}
      </VisitorPage>
    );
  return (
    <VisitorPage title={TITLE} description="A device asks to use Claude Code as you.">
      <ConfirmDevice device={device.data} onDecided={setDecision} />
      <SignedInAs />
    </VisitorPage>
  );
};

/** Whom the device would be signed in as, and the way to somebody else. */
const SignedInAs = () => {
  const { user } = useSession();
  const client = useQueryClient();
  const router = useRouter();
  const leave = useAction({
    run: () => call(signOut),
    touches: [],
    onDone: async () => {
      const next = router.state.location.href;
      client.setQueryData(sessionQuery.queryKey, await client.fetchQuery({ ...sessionQuery, staleTime: 0 }));
      router.history.push(`/sign-in?${new URLSearchParams({ next })}`);
    },
  });
  return (
    <Text size="xs" c="dimmed" mt="lg">
      You are signed in as {user?.email}.{' '}
      <Anchor component="button" type="button" size="xs" underline="always" onClick={() => leave.mutate(undefined)}>
        Use another account
      </Anchor>{' '}
      ·{' '}
      <TextLink to="/help/$guide" params={{ guide: 'claude-code-sign-in' }} size="xs" underline="always">
        How this works
      </TextLink>
    </Text>
  );
};
