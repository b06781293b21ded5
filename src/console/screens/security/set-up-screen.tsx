import { Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { signOut } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { sessionQuery } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { VisitorPage } from '../../parts/visitor-page.tsx';
import { Enrol } from './enrol.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Where somebody is led who may do nothing else until they have a second factor. */
export const SetUpSecondFactorScreen = () => {
  const { next } = useSearch({ from: '/second-factor' });
  const client = useQueryClient();
  const router = useRouter();
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const goOn = async () => {
    client.setQueryData(sessionQuery.queryKey, await client.fetchQuery({ ...sessionQuery, staleTime: 0 }));
    router.history.push(next ?? '/');
  };
  const leave = useAction({
    run: () => call(signOut),
    touches: ['session'],
    onDone: () => router.history.push('/sign-in'),
  });
  return (
    <VisitorPage
      title={codes === null ? 'Set up a second factor' : 'Your recovery codes'}
      description={codes === null ? 'Your organisation asks for one before you go on.' : undefined}
    >
      {codes === null ? (
        <Enrol onEnrolled={setCodes} onCancel={() => leave.mutate(undefined)} />
      ) : (
        <RecoveryCodes codes={codes} onKept={() => void goOn()} />
      )}
      {codes === null && (
        <Text size="xs" c="dimmed" mt="md">
          Cancelling signs you out.
        </Text>
      )}
    </VisitorPage>
  );
};
