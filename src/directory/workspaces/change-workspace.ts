import type { Update } from '../../activity/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import {
  changeDataResidency,
  type DataResidency,
  type DataResidencyChange,
  UNRESTRICTED,
} from './rules/data-residency.ts';
import { changeTags, DEFAULT_COLOR, refuseReservedName, type Tags } from './rules/workspace-fields.ts';
import { type StoredWorkspace, workspaceStore } from './store.ts';

const WORKSPACES_MAX = 100;

/** What can be said of a workspace; what is left out or null stays as it is, or as it is for those that say nothing. */
export type WorkspaceFields = {
  readonly name?: string | undefined;
  readonly display_color?: string | null | undefined;
  readonly data_residency?: DataResidencyChange | null | undefined;
  readonly tags?: Readonly<Record<string, string | null>> | null | undefined;
};

/** Creates a workspace; an organisation has a hundred at most, beside its own and those that are archived. */
export const createWorkspace =
  ({ database, changePolicy, record, now, newId }: DirectoryDeps) =>
  (wanted: WorkspaceFields & { readonly name: string }, by: Doer): Promise<StoredWorkspace> =>
    changeInTurn(database, async (sql) => {
      refuseReservedName(wanted.name);
      if ((await workspaceStore(sql).countOpen()) >= WORKSPACES_MAX)
        throw new Refusal('invalid_request', `An organisation has ${WORKSPACES_MAX} workspaces; archive one first.`);
      const workspace: StoredWorkspace = {
        id: newId('workspace'),
        name: wanted.name,
        is_default: 0,
        display_color: wanted.display_color ?? DEFAULT_COLOR,
        data_residency: JSON.stringify(changeDataResidency(UNRESTRICTED, wanted.data_residency ?? {})),
        tags: JSON.stringify(changeTags({}, wanted.tags ?? {})),
        created_at: now(),
        archived_at: null,
      };
      await workspaceStore(sql).insert(workspace);
      await changePolicy(sql, { entity: 'workspace', id: workspace.id });
      await record(sql, by, { type: 'platform_workspace_created', workspace_id: workspace.id });
      return workspace;
    });

/** Finds a workspace that can be changed: not the default one, not an archived one. */
export const findChangeable = async (sql: Sql, id: string): Promise<StoredWorkspace> => {
  const workspace = await workspaceStore(sql).find(id);
  if (workspace === undefined) throw notFound('workspace', id);
  if (workspace.is_default === 1)
    throw new Refusal('invalid_request', 'The default workspace belongs to everybody and cannot be changed.');
  if (workspace.archived_at !== null) throw new Refusal('invalid_request', 'An archived workspace stays as it is.');
  return workspace;
};

/** Changes a workspace; answers it as it is then. */
export const updateWorkspace =
  ({ database, record }: DirectoryDeps) =>
  (id: string, wanted: WorkspaceFields, by: Doer): Promise<StoredWorkspace> =>
    changeInTurn(database, async (sql) => {
      const before = await findChangeable(sql, id);
      if (wanted.name !== undefined) refuseReservedName(wanted.name);
      const residency = JSON.parse(before.data_residency) as DataResidency;
      const after: StoredWorkspace = {
        ...before,
        name: wanted.name ?? before.name,
        display_color: wanted.display_color ?? before.display_color,
        data_residency: JSON.stringify(changeDataResidency(residency, wanted.data_residency ?? {})),
        tags: JSON.stringify(changeTags(JSON.parse(before.tags) as Tags, wanted.tags ?? {})),
      };
      const updates: Update[] = (['name', 'display_color', 'data_residency', 'tags'] as const)
        .filter((field) => before[field] !== after[field])
        .map((field) => ({ type: field, previous_value: before[field], current_value: after[field] }));
      if (updates.length === 0) return before;
      await workspaceStore(sql).update(id, after);
      await record(sql, by, { type: 'platform_workspace_updated', workspace_id: id, updates });
      return after;
    });

/** Archives a workspace for good, and its keys with it. */
export const archiveWorkspace =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<StoredWorkspace> =>
    changeInTurn(database, async (sql) => {
      const workspace = await findChangeable(sql, id);
      const archived_at = now();
      await workspaceStore(sql).update(id, { archived_at });
      const keyIds = await apiKeyStore(sql).archiveOf({ workspaceId: id });
      await changePolicy(
        sql,
        { entity: 'workspace', id },
        ...keyIds.map((keyId) => ({ entity: 'api_key' as const, id: keyId })),
      );
      await record(sql, by, { type: 'platform_workspace_archived', workspace_id: id });
      return { ...workspace, archived_at };
    });
