import { bySystem } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { memberStore } from '../members/store.ts';
import { issueSignInLink } from './issue-sign-in-link.ts';

/** The one-time token that creates the first owner; undefined once there is an owner. Each start issues a new one. */
export const issueOwnerLink = async (deps: DirectoryDeps): Promise<string | undefined> => {
  if ((await memberStore(deps.database).countOwners()) > 0) return undefined;
  return (await issueSignInLink(deps)(null, bySystem('start'))).token;
};
