import { readNames } from '../../directory/index.ts';
import type { CsvRows, Sql } from '../../platform/index.ts';
import { listSeatTiers } from '../limits/change-settings.ts';
import { prepaidStore } from '../limits/prepaid/store.ts';
import { toUsd, toWireTime } from '../wire.ts';

const PAGE = 1000;

/** Every order of credit, newest first. */
export async function* orderRows(sql: Sql): CsvRows {
  yield ['id', 'created_at', 'kind', 'amount_usd', 'created_by', 'created_by_name', 'note'];
  let beforeId: string | undefined;
  for (;;) {
    const found = await prepaidStore(sql).listOrders(PAGE, beforeId);
    const orders = found.slice(0, PAGE);
    const ids = [...new Set(orders.flatMap(({ created_by }) => created_by ?? []))];
    const { members, apiKeys } = await readNames(sql, { members: ids, apiKeys: ids });
    const nameOf = (id: string): string => (members.get(id) ?? apiKeys.get(id))?.name ?? '';
    for (const { id, created_at, kind, amount_micros, created_by: by, note } of orders)
      yield [
        ...[id, toWireTime(created_at), kind, toUsd(amount_micros)],
        ...[by ?? '', by === null ? '' : nameOf(by), note ?? ''],
      ];
    beforeId = orders.at(-1)?.id;
    if (found.length <= PAGE) return;
  }
}

/** What the seats of each tier include; empty cells for those that include nothing. */
export async function* seatTierRows(sql: Sql): CsvRows {
  yield ['seat_tier', 'included_usd', 'period', 'members'];
  for (const { seatTier, included, members } of await listSeatTiers(sql))
    yield [
      ...[seatTier, included === null ? '' : toUsd(included.amountMicros), included?.period ?? ''],
      String(members),
    ];
}
