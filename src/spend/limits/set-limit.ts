import { changeInTurn } from '../../directory/index.ts';
import { type Doer, MICROS_PER_CENT, type Micros, type Period, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { LadderStep, LimitMode } from '../ledger/rules/ceiling.ts';
import { refuseMissingTarget } from './refuse-missing-target.ts';
import { type SettableScope, targetOf } from './rules/limit.ts';
import { limitStore, type StoredLimit } from './store.ts';

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
    changeInTurn(deps.database, (sql) => setLimitIn(deps)(sql, wanted, by));

/** Sets a limit within a change that has its turn. */
export const setLimitIn =
  ({ changePolicy, record, now, newId }: SpendDeps) =>
  async (sql: Sql, wanted: WantedLimit, by: Doer): Promise<StoredLimit> => {
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

const saysTheSame = (a: StoredLimit, b: StoredLimit): boolean =>
  a.amountMicros === b.amountMicros &&
  a.isEnabled === b.isEnabled &&
  a.mode === b.mode &&
  JSON.stringify(a.ladder) === JSON.stringify(b.ladder);

const toCents = (micros: Micros | null): number | null => (micros === null ? null : micros / MICROS_PER_CENT);

const describeLimit = ({ id, scope, period, amountMicros, isEnabled }: StoredLimit) => ({
  spend_limit_id: id,
  limit_type: scope.type,
  user_id: scope.type === 'user' ? scope.userId : null,
  scope_id: targetOf(scope) || null,
  period,
  amount: toCents(amountMicros),
  is_enabled: isEnabled,
});
