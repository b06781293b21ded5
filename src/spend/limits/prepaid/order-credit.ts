import { changeInTurn } from '../../../directory/index.ts';
import { bySystem, type Doer, type Micros, Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { SpendDeps } from '../../deps.ts';
import { deciderOf } from '../../increase-requests/resolve-request.ts';
import { toCents } from '../wire.ts';
import { readBalance } from './read-balance.ts';
import { isReloadDue } from './rules/auto-reload.ts';
import { type Order, prepaidStore } from './store.ts';
import type { OrderKind } from './tables.ts';

/** Credit to add to the balance; an adjustment may take some away. */
export type WantedOrder = {
  readonly kind: OrderKind;
  readonly amountMicros: Micros;
  readonly note: string | null;
};

/** Records an order: what it pays for can be spent from the next request on. */
export const orderCredit =
  (deps: SpendDeps) =>
  (wanted: WantedOrder, by: Doer): Promise<Order> =>
    changeInTurn(deps.database, (sql) => orderCreditIn(deps, sql, wanted, by));

const orderCreditIn = async (deps: SpendDeps, sql: Sql, wanted: WantedOrder, by: Doer): Promise<Order> => {
  const { kind, amountMicros, note } = wanted;
  if (amountMicros === 0 || (kind !== 'adjustment' && amountMicros < 0))
    throw new Refusal('invalid_request', 'An order adds credit: give an amount above nothing.');
  const order: Order = {
    id: deps.newId('spendOrder'),
    kind,
    amount_micros: amountMicros,
    created_at: deps.now(),
    created_by: deciderOf(by),
    note,
  };
  await prepaidStore(sql).insertOrder(order);
  await deps.changePolicy(sql, { entity: 'spend', id: 'prepaid' });
  await deps.record(sql, by, {
    type: 'remit_prepaid_order_created',
    order_id: order.id,
    order_kind: kind,
    amount: toCents(amountMicros) ?? 0,
  });
  if (kind !== 'adjustment') await deps.notices?.ordered(sql, { orderId: order.id, amountMicros, kind });
  return order;
};

/**
 * Buys credit if the balance has fallen below the threshold: one order at a time, on one node, whoever looks. Answers
 * whether it bought.
 */
export const reloadPrepaid = (deps: SpendDeps) => async (): Promise<boolean> => {
  if (!(await isDue(deps, deps.database))) return false;
  return changeInTurn(deps.database, async (sql) => {
    if (!(await isDue(deps, sql))) return false;
    const { autoReload } = await prepaidStore(sql).readSettings();
    const wanted = { kind: 'auto_reload' as const, amountMicros: autoReload.amountMicros, note: null };
    await orderCreditIn(deps, sql, wanted, bySystem('auto-reload'));
    return true;
  });
};

const isDue = async ({ now }: SpendDeps, sql: Sql): Promise<boolean> => {
  const { isEnabled, autoReload } = await prepaidStore(sql).readSettings();
  return isEnabled && autoReload.isOn && isReloadDue(autoReload, await readBalance(sql, now()));
};
