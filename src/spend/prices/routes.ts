import { DAY_MS, dayOf } from '../../kernel/index.ts';
import { csvFile, nameFile, type Route, route } from '../../platform/index.ts';
import { fromDate, toWireTime } from '../wire.ts';
import { createRule, deleteRule, endRule } from './change-rules.ts';
import * as contract from './contract.ts';
import type { PriceDeps } from './deps.ts';
import { previewRules } from './preview-rules.ts';
import { priceRows, ruleRows } from './price-rows.ts';
import { type ReratingDeps, reratingRoutes } from './rerating/routes.ts';
import { priceStore } from './store.ts';
import { fromWireRule, toWireBook, toWireRule } from './wire.ts';

/** Binds the endpoints about prices. */
export const priceRoutes = (deps: PriceDeps & ReratingDeps): readonly Route[] => {
  const { database, prices, now } = deps;
  const store = priceStore(database);
  const showBook = async (date: string | undefined): Promise<contract.PriceBook> => {
    const at = date === undefined ? dayOf(now()) * DAY_MS : fromDate(date) * DAY_MS;
    return toWireBook({ book: prices.pricing().book, shipped: prices.shipped, at, rules: await store.readRules() });
  };
  return [
    route(contract.getPrices, ({ query }) => showBook(query.date)),
    route(contract.exportPrices, async ({ query, replyHeaders }) => {
      const book = await showBook(query.date);
      nameFile(replyHeaders, query.of === 'rules' ? 'price-rules' : 'prices', fromDate(book.date) * DAY_MS);
      return csvFile(query.of === 'rules' ? ruleRows(book) : priceRows(book));
    }),
    route(contract.listPriceBooks, async () => ({
      data: (await store.listBooks()).map(({ version, madeAt, madeBy }) => ({
        type: 'price_book_version' as const,
        version,
        made_at: toWireTime(madeAt),
        made_by: madeBy,
      })),
    })),
    route(contract.previewPrices, ({ body }) =>
      previewRules(deps)({ add: body.add === undefined ? undefined : fromWireRule(body.add), remove: body.remove }),
    ),
    route(contract.createPriceRule, async ({ body, by }) =>
      toWireRule(await createRule(deps)(fromWireRule(body.rule), by)),
    ),
    route(contract.endPriceRule, async ({ params, body, by }) =>
      toWireRule(await endRule(deps)(params.rule_id, body.ending_date, by)),
    ),
    route(contract.deletePriceRule, async ({ params, by }) => {
      await deleteRule(deps)(params.rule_id, by);
      return { id: params.rule_id, type: 'price_rule_deleted' as const };
    }),
    ...reratingRoutes(deps),
  ];
};
