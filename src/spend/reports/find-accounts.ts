import { resolveName } from '../../access/index.ts';
import { readMemberships } from '../../directory/index.ts';
import type { SpendDeps } from '../deps.ts';
import {
  type Account,
  keyAccount,
  modelAccount,
  ORGANISATION,
  serviceAccount,
  userAccount,
  workspaceAccount,
} from '../ledger/rules/account.ts';
import { notValid } from '../wire.ts';

/** Whose spend is asked for. */
export type Subject = {
  readonly user_id?: string | undefined;
  readonly rbac_group_id?: string | undefined;
  readonly api_key_id?: string | undefined;
  readonly workspace_id?: string | undefined;
  readonly model?: string | undefined;
};

/**
 * The accounts in which a subject's spend stands; the organisation's without one. A group's are those of its members now and
 * of its service keys. Refuses more than one subject.
 */
export const findAccounts = async (
  { database, policy }: Pick<SpendDeps, 'database' | 'policy'>,
  { user_id, rbac_group_id, api_key_id, workspace_id, model }: Subject,
): Promise<readonly Account[]> => {
  const named = [user_id, rbac_group_id, api_key_id, workspace_id, model].filter((one) => one !== undefined);
  if (named.length > 1)
    throw notValid('Give one of user_id, rbac_group_id, api_key_id, workspace_id and model, not several.');
  if (user_id !== undefined) return [userAccount(user_id)];
  if (api_key_id !== undefined) return [keyAccount(api_key_id)];
  if (workspace_id !== undefined) return [workspaceAccount(workspace_id)];
  if (model !== undefined) {
    const resolved = resolveName(policy.current().index, model);
    return [modelAccount(resolved.kind === 'model' ? resolved.model.id : model)];
  }
  if (rbac_group_id === undefined) return [ORGANISATION];
  const members = await readMemberships(database, rbac_group_id);
  return [...members.map((row) => userAccount(row.user_id)), serviceAccount(rbac_group_id)];
};
