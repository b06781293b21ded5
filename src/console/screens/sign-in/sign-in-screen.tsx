import { Alert, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type findSignInMethod, SIGN_IN_PROBLEMS, type signIn } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { changeSession, sessionQuery } from '../../data/session.ts';
import { VisitorPage } from '../../parts/visitor-page.tsx';
import { CredentialStep } from './credential-step.tsx';
import { EmailStep } from './email-step.tsx';

type Methods = ReplyOf<typeof findSignInMethod>;
type Step = { readonly email: string; readonly methods: Methods } | null;

const isProblem = (word: string | undefined): word is keyof typeof SIGN_IN_PROBLEMS =>
  word !== undefined && Object.hasOwn(SIGN_IN_PROBLEMS, word);

/** Signing in: the e-mail address first, then the identity provider or the password; leads back to where one wanted to go. */
export const SignInScreen = () => {
  const { next, problem, request } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const router = useRouter();
  const session = useQuery(sessionQuery).data;
  const [step, setStep] = useState<Step>(null);
  const enter = (reply: ReplyOf<typeof signIn>) => {
    changeSession(client, reply);
    router.history.push(next ?? '/');
  };
  return (
    <VisitorPage title="Sign in" description={session === undefined ? undefined : `to ${session.organization.name}`}>
      <Stack gap="md">
        {session?.has_owner === false && (
          <Alert color="blue" title="Nobody has set up Remit yet">
            When Remit starts for the first time it prints a link that creates the owner. Open that link.
          </Alert>
        )}
        {isProblem(problem) && step === null && (
          <Alert color="red" role="alert" title="You are not signed in">
            {SIGN_IN_PROBLEMS[problem]}
            {request !== undefined && ` (Request ${request})`}
          </Alert>
        )}
        {step === null ? (
          <EmailStep next={next} onFound={setStep} />
        ) : (
          <CredentialStep {...step} next={next} onEntered={enter} onBack={() => setStep(null)} />
        )}
      </Stack>
    </VisitorPage>
  );
};
