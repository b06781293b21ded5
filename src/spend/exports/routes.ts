import { csvFile, nameFile, type Route, route } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import * as contract from './contract.ts';
import { effectiveRows } from './effective-rows.ts';
import { limitRows } from './limit-rows.ts';
import { orderRows, seatTierRows } from './money-rows.ts';
import { overrideRows, usageRows } from './rate-rows.ts';
import { requestRows } from './request-rows.ts';

/** Binds the files of lists. They go before what takes an id in the place of their last word. */
export const exportRoutes = (deps: SpendDeps): readonly Route[] => {
  const { database, now } = deps;
  return [
    route(contract.exportSpendLimits, async ({ replyHeaders }) => {
      nameFile(replyHeaders, 'spend-limits', now());
      return csvFile(limitRows(database));
    }),
    route(contract.exportEffectiveSpendLimits, async ({ query, by, replyHeaders }) => {
      nameFile(replyHeaders, 'effective-spend-limits', now());
      // What everybody has spent is a report of cost; that it was read is recorded before its first line is.
      await deps.record(database, by, { type: 'platform_cost_report_viewed' });
      return csvFile(effectiveRows(deps, query.period));
    }),
    route(contract.exportIncreaseRequests, async ({ replyHeaders }) => {
      nameFile(replyHeaders, 'increase-requests', now());
      return csvFile(requestRows(deps));
    }),
    route(contract.exportSeatTierUsage, async ({ replyHeaders }) => {
      nameFile(replyHeaders, 'seat-tiers', now());
      return csvFile(seatTierRows(database));
    }),
    route(contract.exportPrepaidOrders, async ({ replyHeaders }) => {
      nameFile(replyHeaders, 'prepaid-orders', now());
      return csvFile(orderRows(database));
    }),
    route(contract.exportRateUsage, async ({ replyHeaders }) => {
      nameFile(replyHeaders, 'rate-limits', now());
      return csvFile(usageRows(deps));
    }),
    route(contract.exportRateLimitOverrides, async ({ replyHeaders }) => {
      nameFile(replyHeaders, 'lower-rate-limits', now());
      return csvFile(overrideRows(deps));
    }),
  ];
};
