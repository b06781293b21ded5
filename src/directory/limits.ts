import { Refusal } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import type { DirectoryTables } from './tables.ts';
import type { WorkspaceTables } from './workspaces/tables.ts';

/** How many of each there may be; null for as many as one likes. */
export type DirectoryLimits = {
  readonly members: number | null;
  readonly workspaceMembers: number | null;
  /** Personal and service keys that are neither archived nor expired. */
  readonly apiKeys: number | null;
  readonly workspaceApiKeys: number | null;
};

/** No limit on anything. */
export const NO_LIMITS: DirectoryLimits = {
  members: null,
  workspaceMembers: null,
  apiKeys: null,
  workspaceApiKeys: null,
};

const reached = (message: string, error_code: string): Refusal =>
  new Refusal('invalid_request', message, { details: { error_code } });

const countKeys = async (sql: Sql, now: number, workspaceId?: string): Promise<number> => {
  let query = sql
    .tables<DirectoryTables>()
    .selectFrom('api_keys')
    .select((row) => row.fn.countAll<number | string>().as('count'))
    .where('kind', '!=', 'admin')
    .where('status', '!=', 'archived')
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', now)]));
  if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
  return Number((await query.executeTakeFirstOrThrow()).count);
};

/** Refuses a further key where the organisation or its workspace has as many as it may (Admin API §0.4). */
export const refuseFurtherKey = async (
  sql: Sql,
  { apiKeys, workspaceApiKeys }: DirectoryLimits,
  { now, workspaceId }: { readonly now: number; readonly workspaceId: string | undefined },
): Promise<void> => {
  if (apiKeys !== null && (await countKeys(sql, now)) >= apiKeys)
    throw reached(
      `The organisation has ${apiKeys} API keys, as many as it may. Archive keys that nobody uses, or raise api_keys_max in the configuration.`,
      'org_api_key_limit_exceeded',
    );
  if (workspaceId === undefined || workspaceApiKeys === null) return;
  if ((await countKeys(sql, now, workspaceId)) >= workspaceApiKeys)
    throw reached(
      `This workspace has ${workspaceApiKeys} API keys, as many as it may. Archive keys that nobody uses, or raise workspace_api_keys_max in the configuration.`,
      'workspace_api_key_limit_exceeded',
    );
};

/** The refusal of a member beyond the limit. */
export const memberLimitReached = (members: number): Refusal =>
  reached(
    `The organisation has ${members} members, as many as it may. Remove members who have left, or raise members_max in the configuration.`,
    'org_member_limit_exceeded',
  );

/** How many more members there may be; infinite without a limit. */
export const roomForMembers = async (sql: Sql, { members }: DirectoryLimits): Promise<number> => {
  if (members === null) return Number.POSITIVE_INFINITY;
  const { count } = await sql
    .tables<DirectoryTables>()
    .selectFrom('members')
    .select((row) => row.fn.countAll<number | string>().as('count'))
    .where('status', '!=', 'removed')
    .executeTakeFirstOrThrow();
  return members - Number(count);
};

/** Refuses a further member where the organisation has as many as it may. */
export const refuseFurtherMember = async (sql: Sql, limits: DirectoryLimits): Promise<void> => {
  if (limits.members !== null && (await roomForMembers(sql, limits)) <= 0) throw memberLimitReached(limits.members);
};

/** Refuses a further member of a workspace that has as many as it may. */
export const refuseFurtherWorkspaceMember = async (
  sql: Sql,
  { workspaceMembers }: DirectoryLimits,
  workspaceId: string,
): Promise<void> => {
  if (workspaceMembers === null) return;
  const { count } = await sql
    .tables<WorkspaceTables>()
    .selectFrom('workspace_members')
    .select((row) => row.fn.countAll<number | string>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  if (Number(count) >= workspaceMembers)
    throw reached(
      `This workspace has ${workspaceMembers} members, as many as it may. Take somebody out, or raise workspace_members_max in the configuration.`,
      'workspace_member_limit_exceeded',
    );
};
