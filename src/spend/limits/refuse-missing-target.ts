import { readCredentials, readGroups, readMembers, readSuspended, readWorkspaces } from '../../directory/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SettableScope } from './rules/limit.ts';

type Found = Promise<readonly { readonly id: string }[]>;

const refuseUnless = async (found: Found, what: string, id: string): Promise<void> => {
  if ((await found).length === 0) throw new Refusal('not_found', `There is no ${what} with the id ${id}.`);
};

const readPresent = async (sql: Sql, id: string) => [
  ...(await readMembers(sql, [id])),
  ...(await readSuspended(sql, [id])),
];

const readLimitable = async (sql: Sql, id: string) =>
  (await readCredentials(sql, [id])).filter(({ kind }) => kind !== 'admin');

/** Refuses a limit for somebody or something that is not there; seat tiers are names that anybody may have one day. */
export const refuseMissingTarget = (sql: Sql, scope: SettableScope): Promise<void> => {
  switch (scope.type) {
    case 'organization':
    case 'organization_total':
    case 'session':
    case 'seat_tier':
      return Promise.resolve();
    case 'user':
      return refuseUnless(readPresent(sql, scope.userId), 'member', scope.userId);
    case 'rbac_group':
    case 'rbac_group_pool':
      return refuseUnless(readGroups(sql, [scope.groupId]), 'group', scope.groupId);
    case 'workspace':
      return refuseUnless(readWorkspaces(sql, [scope.workspaceId]), 'workspace', scope.workspaceId);
    case 'api_key':
      return refuseUnless(readLimitable(sql, scope.keyId), 'key that can spend', scope.keyId);
    default:
      return scope satisfies never;
  }
};
