import type { DirectoryDeps } from '../deps.ts';
import { memberStore } from '../members/store.ts';
import { issueLinkIn } from './issue-sign-in-link.ts';

/** The one-time token that creates the first owner; undefined once there is an owner. Each start issues a new one. */
export const issueOwnerLink = async (deps: DirectoryDeps): Promise<string | undefined> => {
  if ((await memberStore(deps.database).countOwners()) > 0) return undefined;
  const link = await deps.database.transaction((sql) =>
    issueLinkIn(deps)(sql, { userId: null, purpose: 'create_owner' }),
  );
  return link.token;
};
