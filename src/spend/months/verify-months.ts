import { type RawBuilder, sql as raw } from 'kysely';
import type { DayRange } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { boundsOfKind, KINDS_BY_MONTH, monthStore } from './month-store.ts';

/** Of how many accounts the sums of months in use are not those of the months' days. Looks at the months that a range of days touches. */
export const countMonthDrifts = async (sql: Sql, range: DayRange): Promise<number> => {
  const isByMonth: readonly RawBuilder<unknown>[] = KINDS_BY_MONTH.map((kind) => {
    const { first, behind } = boundsOfKind(kind);
    return raw`(account >= ${first} AND account < ${behind})`;
  });
  let drifts = 0;
  for (const { generation, from, until } of await monthStore(sql).readBuilt(range)) {
    const { rows } = await raw<{ count: number | string }>`
      SELECT COUNT(*) AS count FROM (
        SELECT account FROM (
          SELECT account, settled_micros AS micros FROM spend_months WHERE generation = ${generation}
          UNION ALL
          SELECT account, -settled_micros AS micros FROM spend_counters
            WHERE day >= ${from} AND day < ${until} AND (${raw.join(isByMonth, raw` OR `)})
        ) AS both_sides GROUP BY account HAVING SUM(micros) <> 0
      ) AS different`.execute(sql.tables<unknown>());
    drifts += Number(rows[0]?.count ?? 0);
  }
  return drifts;
};
