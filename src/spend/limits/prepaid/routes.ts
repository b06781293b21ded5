import { centsOf, microsOfCents } from '../../../kernel/index.ts';
import { cursorPage, type Route, readCursor, route } from '../../../platform/index.ts';
import type { SpendDeps } from '../../deps.ts';
import { toWireAmount, toWireTime } from '../wire.ts';
import { changePrepaid } from './change-prepaid.ts';
import * as contract from './contract.ts';
import { orderCredit } from './order-credit.ts';
import { readBalance } from './read-balance.ts';
import type { AutoReload } from './rules/auto-reload.ts';
import { type Order, prepaidStore } from './store.ts';

/** Binds the endpoints about the prepaid balance to their operations. */
export const prepaidRoutes = (deps: SpendDeps): readonly Route[] => {
  const show = async (): Promise<contract.PrepaidBalance> => {
    const { isEnabled, mode, autoReload } = await prepaidStore(deps.database).readSettings();
    const balance = await readBalance(deps.database, deps.now());
    return {
      type: 'prepaid_balance',
      currency: 'USD',
      is_enabled: isEnabled,
      mode,
      funded: centsOf(balance.fundedMicros),
      spent: centsOf(balance.spentMicros),
      held: centsOf(balance.heldMicros),
      balance: centsOf(balance.balanceMicros),
      auto_reload: toWireReload(autoReload),
      reloaded_this_month: centsOf(balance.reloadedThisMonthMicros),
    };
  };
  return [
    route(contract.getPrepaidBalance, show),
    route(contract.updatePrepaidSettings, async ({ body, by }) => {
      const autoReload = body.auto_reload && fromWireReload(body.auto_reload);
      await changePrepaid(deps)({ isEnabled: body.is_enabled, mode: body.mode, autoReload }, by);
      return show();
    }),
    route(contract.listPrepaidOrders, async ({ query }) => {
      const page = { limit: query.limit, filters: ['prepaid_orders'] };
      const [beforeId] = readCursor(query.page, page.filters) ?? [];
      const orders = await prepaidStore(deps.database).listOrders(query.limit, beforeId);
      return cursorPage(orders, page, { toItem: toWireOrder, positionOf: ({ id }) => [id] });
    }),
    route(contract.createPrepaidOrder, async ({ body, by }) => {
      const { kind, amount, note = null } = body;
      return toWireOrder(await orderCredit(deps)({ kind, amountMicros: microsOfCents(amount), note }, by));
    }),
  ];
};

const toWireReload = ({ isOn, thresholdMicros, amountMicros, monthlyMaxMicros }: AutoReload) => ({
  is_enabled: isOn,
  threshold: centsOf(thresholdMicros),
  amount: centsOf(amountMicros),
  monthly_maximum: toWireAmount(monthlyMaxMicros),
});

const fromWireReload = (wire: contract.PrepaidBalance['auto_reload']): AutoReload => ({
  isOn: wire.is_enabled,
  thresholdMicros: microsOfCents(wire.threshold),
  amountMicros: microsOfCents(wire.amount),
  monthlyMaxMicros: wire.monthly_maximum === null ? null : microsOfCents(wire.monthly_maximum),
});

const toWireOrder = ({ id, kind, amount_micros, created_at, created_by, note }: Order): contract.PrepaidOrder => ({
  id,
  type: 'prepaid_order',
  kind,
  amount: centsOf(amount_micros),
  currency: 'USD',
  created_at: toWireTime(created_at),
  created_by,
  note,
});
