import { type Selectable, type SqlBool, sql } from 'kysely';
import type { Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { LadderStep } from '../ledger/rules/ceiling.ts';
import { type Limit, SCOPE_TYPES, type ScopeType, type SettableScope, scopeOf, targetOf } from './rules/limit.ts';
import type { LimitTables } from './tables.ts';

/** A limit with when it was made and last set. */
export type StoredLimit = Limit & { readonly createdAt: number; readonly updatedAt: number };

const toLimit = (row: Selectable<LimitTables['spend_limits']>): StoredLimit => ({
  id: row.id,
  scope: scopeOf(row.scope_type, row.scope_id),
  period: row.period === 'none' ? null : row.period,
  amountMicros: row.amount_micros,
  isEnabled: row.is_enabled === 1,
  mode: row.mode,
  ladder: JSON.parse(row.ladder) as readonly LadderStep[],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const groupOf = (scope: SettableScope): string | null =>
  scope.type === 'rbac_group' || scope.type === 'rbac_group_pool' ? scope.groupId : null;

// Above any amount that can be set, and still exact as a number.
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** The amount by which a limit is sorted. */
export const sortedAmount = ({ amountMicros }: Pick<Limit, 'amountMicros'>): number => amountMicros ?? UNLIMITED;

/** Which limits to list, after which one. */
export type LimitFilter = {
  readonly types: readonly ScopeType[];
  /** Only limits of what has this id. */
  readonly target?: string | undefined;
  readonly limit: number;
  /** Scope types in the order in which they come; {@link SCOPE_TYPES} when absent. */
  readonly scopes?: readonly ScopeType[];
  /** (place of the scope type, id) of the last one seen. */
  readonly after?: readonly string[] | undefined;
};

/** The same by amount, after (amount, id) of the last one seen. */
export type AmountFilter = Omit<LimitFilter, 'scopes'> & { readonly order: 'asc' | 'desc' };

/** Where limits live; `save` replaces the row of its scope and period, `list` answers one more than asked for. */
export const limitStore = (database: Sql) => {
  const tables = database.tables<LimitTables>();
  const all = () => tables.selectFrom('spend_limits').selectAll();
  return {
    readAll: async (): Promise<readonly StoredLimit[]> => (await all().execute()).map(toLimit),
    readSome: async (ids: readonly string[]): Promise<readonly StoredLimit[]> =>
      (
        await all()
          .where('id', 'in', [...ids])
          .execute()
      ).map(toLimit),
    find: async (id: string): Promise<StoredLimit | undefined> => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row && toLimit(row);
    },
    findFor: async (scope: SettableScope, period: Period | null): Promise<StoredLimit | undefined> => {
      const row = await all()
        .where('scope_type', '=', scope.type)
        .where('scope_id', '=', targetOf(scope))
        .where('period', '=', period ?? 'none')
        .executeTakeFirst();
      return row && toLimit(row);
    },
    save: async (limit: StoredLimit): Promise<void> => {
      const values = {
        amount_micros: limit.amountMicros,
        is_enabled: limit.isEnabled ? 1 : 0,
        mode: limit.mode,
        ladder: JSON.stringify(limit.ladder),
        updated_at: limit.updatedAt,
      };
      await tables
        .insertInto('spend_limits')
        .values({
          id: limit.id,
          scope_type: limit.scope.type,
          scope_id: targetOf(limit.scope),
          group_id: groupOf(limit.scope),
          period: limit.period ?? 'none',
          created_at: limit.createdAt,
          ...values,
        })
        .onConflict((conflict) => conflict.columns(['scope_type', 'scope_id', 'period']).doUpdateSet(values))
        .execute();
    },
    remove: async (id: string): Promise<void> => {
      await tables.deleteFrom('spend_limits').where('id', '=', id).execute();
    },
    /** By scope type in the order asked for, then by id: a fixed order. */
    list: async ({ types, target, limit, scopes = SCOPE_TYPES, after: [place, afterId = ''] = [] }: LimitFilter) => {
      const first = place === undefined ? 0 : Number(place);
      const rows: StoredLimit[] = [];
      for (const [at, type] of scopes.entries()) {
        if (at < first || rows.length > limit || !types.includes(type)) continue;
        const found = await all()
          .where('scope_type', '=', type)
          .where('id', '>', place !== undefined && at === first ? afterId : '')
          .$if(target !== undefined, (query) => query.where('scope_id', '=', target ?? ''))
          .orderBy('id')
          .limit(limit + 1 - rows.length)
          .execute();
        rows.push(...found.map(toLimit));
      }
      return rows;
    },
    listByAmount: async ({ types, target, limit, order, after }: AmountFilter): Promise<readonly StoredLimit[]> => {
      if (types.length === 0) return [];
      const amount = sql<number>`coalesce(amount_micros, cast(${UNLIMITED} as bigint))`;
      const sign = sql.raw(order === 'asc' ? '>' : '<');
      const [amountSeen, idSeen = ''] = after ?? [];
      const rows = await all()
        .where('scope_type', 'in', [...types])
        .$if(target !== undefined, (query) => query.where('scope_id', '=', target ?? ''))
        .$if(amountSeen !== undefined, (query) =>
          query.where(sql<SqlBool>`(${amount}, id) ${sign} (cast(${Number(amountSeen)} as bigint), ${idSeen})`),
        )
        .orderBy(amount, order)
        .orderBy('id', order)
        .limit(limit + 1)
        .execute();
      return rows.map(toLimit);
    },
  };
};
