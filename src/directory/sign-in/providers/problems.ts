import { Refusal } from '../../../kernel/index.ts';
import { SIGN_IN_PROBLEMS, type SignInProblem } from './contract.ts';

/** The refusal for a sign-in that does not go through; `internal` is for the log. */
export const signInProblem = (problem: SignInProblem, internal?: unknown): Refusal =>
  new Refusal('unauthenticated', SIGN_IN_PROBLEMS[problem], {
    details: { error_code: problem },
    ...(internal === undefined ? {} : { internal }),
  });

/** Which problem something thrown is; everything that nobody planned is the generic one. */
export const problemOf = (thrown: unknown): SignInProblem => {
  const code = thrown instanceof Refusal ? thrown.details?.error_code : undefined;
  return code !== undefined && Object.hasOwn(SIGN_IN_PROBLEMS, code) ? (code as SignInProblem) : 'sso_failed';
};
