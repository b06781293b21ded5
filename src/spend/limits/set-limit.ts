import { LINES } from '../../access/index.ts';
import { changeInTurn, readSpenders } from '../../directory/index.ts';
import { type Doer, type Micros, type Period, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { resolveRequestIn } from '../increase-requests/resolve-request.ts';
import { requestStore } from '../increase-requests/store.ts';
import type { LadderStep, LimitMode } from '../ledger/rules/ceiling.ts';
import { refuseMissingTarget } from './refuse-missing-target.ts';
import { type Limit, type SettableScope, targetOf } from './rules/limit.ts';
import { ownLimit } from './rules/resolve-bounds.ts';
import { limitStore, type StoredLimit } from './store.ts';
import { toCents } from './wire.ts';

/** A limit to set; what is left out stays as it is, or is on, standard and without steps. */
export type WantedLimit = {
  readonly scope: SettableScope;
  /** null for a session's. */
  readonly period: Period | null;
  /** null is unlimited. */
  readonly amountMicros: Micros | null;
  readonly isEnabled?: boolean | undefined;
  readonly mode?: LimitMode | undefined;
  readonly ladder?: readonly LadderStep[] | undefined;
};

/** Sets the limit of a scope in a period; one that is there is overwritten. It holds from the next request on. */
export const setLimit =
  (deps: SpendDeps) =>
  (wanted: WantedLimit, by: Doer): Promise<StoredLimit> =>
    changeInTurn(deps.database, async (sql) => {
      const earlier = await ownLimitBefore(deps, sql, wanted);
      const limit = await setLimitIn(deps)(sql, wanted, by);
      await resolveAnswered(deps, sql, { limit, earlier, by });
      return limit;
    });

/** The limit that bound a member before; undefined where it is no member's limit that is set, or none bound them. */
const ownLimitBefore = async (
  { spendPolicy }: SpendDeps,
  sql: Sql,
  { scope, period }: WantedLimit,
): Promise<Limit | undefined> => {
  if (scope.type !== 'user' || period === null) return undefined;
  const [member] = await readSpenders(sql, { limit: 1, ids: [scope.userId] });
  return member && ownLimit(spendPolicy.rules, { userId: scope.userId, ...member }, period);
};

/**
 * A person who raises a member's limit in the console has answered what the member asked for. A key that does it through
 * the Spend Limits API has not: the request stays pending until it is approved or denied (access and spend §5.5).
 */
const resolveAnswered = async (
  deps: SpendDeps,
  sql: Sql,
  { limit, earlier, by }: { limit: StoredLimit; earlier: Limit | undefined; by: Doer },
): Promise<void> => {
  const { scope, period, amountMicros, id: limitId } = limit;
  if (by.who.kind !== 'member' || scope.type !== 'user' || period === null || !isRaised(earlier, limit)) return;
  const pending = await requestStore(sql).findPending(scope.userId, period);
  if (pending !== undefined)
    await resolveRequestIn(deps)(sql, pending, { decision: { status: 'approved', amountMicros, limitId }, by });
};

const isRaised = (before: Limit | undefined, after: Limit): boolean =>
  before !== undefined &&
  before.amountMicros !== null &&
  (after.amountMicros === null || !after.isEnabled || after.amountMicros > before.amountMicros);

/** Sets a limit within a change that has its turn. */
export const setLimitIn =
  ({ changePolicy, record, now, newId }: SpendDeps) =>
  async (sql: Sql, wanted: WantedLimit, by: Doer): Promise<StoredLimit> => {
    refuseUnknownFamilies(wanted.ladder ?? []);
    await refuseMissingTarget(sql, wanted.scope);
    const before = await limitStore(sql).findFor(wanted.scope, wanted.period);
    const at = now();
    const limit: StoredLimit = {
      id: before?.id ?? newId('spendLimit'),
      scope: wanted.scope,
      period: wanted.period,
      amountMicros: wanted.amountMicros,
      isEnabled: wanted.isEnabled ?? before?.isEnabled ?? true,
      mode: wanted.mode ?? before?.mode ?? 'standard',
      ladder: wanted.ladder ?? before?.ladder ?? [],
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    };
    if (before !== undefined && saysTheSame(before, limit)) return before;
    await limitStore(sql).save(limit);
    await changePolicy(sql, { entity: 'spend', id: limit.id });
    await record(
      sql,
      by,
      before === undefined
        ? { type: 'extra_usage_spend_limit_created', ...describeLimit(limit) }
        : {
            type: 'extra_usage_spend_limit_updated',
            ...describeLimit(limit),
            previous_amount: toCents(before.amountMicros),
          },
    );
    return limit;
  };

/** Deletes a limit; whom it bound falls back to the next one that holds for them. */
export const deleteLimit =
  ({ database, changePolicy, record }: SpendDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const limit = await limitStore(sql).find(id);
      if (limit === undefined) throw limitNotFound(id);
      await limitStore(sql).remove(id);
      await changePolicy(sql, { entity: 'spend', id });
      await record(sql, by, { type: 'extra_usage_spend_limit_deleted', ...describeLimit(limit) });
    });

/** The refusal for an id that names no limit. */
export const limitNotFound = (id: string): Refusal =>
  new Refusal('not_found', `There is no spend limit with the id ${id}.`);

const FAMILIES: ReadonlySet<string> = new Set(LINES);

/** A family that nobody knows would leave no model at all. */
const refuseUnknownFamilies = (ladder: readonly LadderStep[]): void => {
  const named = ladder.flatMap((step) => (step.action === 'restrict_models' ? step.families : []));
  const unknown = named.find((family) => !FAMILIES.has(family));
  if (unknown !== undefined)
    throw new Refusal('invalid_request', `There is no family of models "${unknown}". There are ${LINES.join(', ')}.`);
};

const saysTheSame = (a: StoredLimit, b: StoredLimit): boolean =>
  a.amountMicros === b.amountMicros &&
  a.isEnabled === b.isEnabled &&
  a.mode === b.mode &&
  JSON.stringify(a.ladder) === JSON.stringify(b.ladder);

const describeLimit = ({ id, scope, period, amountMicros, isEnabled }: StoredLimit) => ({
  spend_limit_id: id,
  limit_type: scope.type,
  user_id: scope.type === 'user' ? scope.userId : null,
  scope_id: targetOf(scope) || null,
  period,
  amount: toCents(amountMicros),
  is_enabled: isEnabled,
});
