import type { RecordActivity } from '../activity/index.ts';
import { type ChangePolicy, changeInTurn, readOrganisationId, type WantedIds } from '../directory/index.ts';
import { type Doer, type NewId, Refusal } from '../kernel/index.ts';
import type { Database, Sql } from '../platform/index.ts';
import { describeChanges } from './describe-changes.ts';
import type { Policy } from './policy.ts';
import type { ModelIndex } from './rules/model-index.ts';
import type { EditResult, PolicyEdit, PolicyState } from './rules/policy.ts';
import { applyEdits } from './rules/policy-edits.ts';
import { accessStore } from './store.ts';

export type AccessDeps = {
  readonly database: Database;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
  readonly policy: Policy;
  readonly now: () => number;
  readonly newId: NewId;
};

/** The rules about models as they are stored, with these roles. */
export const readPolicyState = async (sql: Sql, wanted: WantedIds = 'all'): Promise<PolicyState> => {
  const store = accessStore(sql);
  const [organisation, roles] = await Promise.all([store.readOrganisation(), store.readRoles(wanted)]);
  return { organisation, roles };
};

/** The roles that edits can change: those they name, or all of them where the organisation's rules change. */
const rolesOf = (edits: readonly PolicyEdit[]): WantedIds => {
  const ids = new Set(edits.map((edit) => ('role' in edit ? edit.role : undefined)));
  const named = [...ids].filter((id) => id !== undefined);
  return named.length < ids.size || ids.size === 0 ? 'all' : named;
};

// A set of edits is saved as a whole, so the order in which somebody clicked must not matter: what opens goes first,
// then what is to be the default, then what closes.
const phaseOf = (edit: PolicyEdit): number => {
  switch (edit.kind) {
    case 'organisation-model':
      return edit.enabled === false ? 4 : 0;
    case 'role-model':
      return edit.enabled === false ? 3 : 1;
    case 'organisation-default':
    case 'role-default':
      return 2;
    case 'effort-action':
    case 'new-models':
      return 5;
    default: {
      const unexpected: never = edit;
      return unexpected;
    }
  }
};

/** Applies edits to a state without storing anything; refuses with the sentence that says why one cannot be made. */
export const editState = (
  state: PolicyState,
  index: ModelIndex,
  edits: readonly PolicyEdit[],
): Extract<EditResult, { ok: true }> => {
  const ordered = [...edits].sort((a, b) => phaseOf(a) - phaseOf(b));
  const result = applyEdits(state, index, ordered);
  if (result.ok) return result;
  const isMissing = result.code === 'model_not_found' || result.code === 'role_not_found';
  throw new Refusal(isMissing ? 'not_found' : 'invalid_request', result.problem, {
    details: { error_code: result.code, roles: result.roles.map(({ id }) => id) },
  });
};

const versionConflict = (version: number) =>
  new Refusal(
    'conflict',
    'Somebody else changed the models meanwhile. Reload to see their changes, then save yours again.',
    {
      details: { error_code: 'version_conflict', version },
    },
  );

/**
 * Saves edits of the rules about models: all or none, serialised with other administrators' saves. With `ifVersion`
 * it refuses when somebody else has saved since that version was read.
 */
export const changeModels =
  ({ database, changePolicy, record, policy }: AccessDeps) =>
  async (edits: readonly PolicyEdit[], by: Doer, ifVersion?: number): Promise<void> => {
    const { index } = policy.current();
    await changeInTurn(database, async (sql) => {
      const store = accessStore(sql);
      const version = await store.readVersion();
      if (ifVersion !== undefined && ifVersion !== version) throw versionConflict(version);
      const wanted = rolesOf(edits);
      const before = await readPolicyState(sql, wanted);
      const { state } = editState(before, index, edits);
      if (state.organisation !== before.organisation) await store.writeOrganisation(state.organisation);
      for (const [id, role] of state.roles) if (role !== before.roles.get(id)) await store.writeRole(role);
      await store.nextVersion();
      if (wanted === 'all' || state.organisation !== before.organisation)
        await changePolicy(sql, { entity: 'models', id: 'all' });
      else await changePolicy(sql, ...wanted.map((id) => ({ entity: 'role' as const, id })));
      await record(sql, by, ...describeChanges(before, state, await readOrganisationId(sql)));
    });
    await policy.refresh();
  };
