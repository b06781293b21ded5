import type { Update } from '../../activity/index.ts';
import { changeInTurn, notFound } from '../../directory/index.ts';
import { type Doer, dayOf } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { priceName } from '../rules/price-of.ts';
import { notValid, toDate } from '../wire.ts';
import type { PriceDeps } from './deps.ts';
import { PRICES, versionOf } from './open-price-book.ts';
import { applyRules } from './rules/apply-rules.ts';
import { isAbout, type PriceEffect, type PriceRule } from './rules/price-rule.ts';
import { priceStore, type StoredRule } from './store.ts';
import { describeRule } from './wire.ts';

/** A rule that is wanted; it gets its id when it is made. */
export type WantedRule = Omit<PriceRule, 'id'> & PriceEffect;

/** Who did something, by the id of their person or key. */
export const doerId = ({ who }: Doer): string | null => {
  if (who.kind === 'member') return who.userId;
  return who.kind === 'administrator' ? who.credentialId : null;
};

/** Refuses a rule that has no days or that no price in the book could follow. */
export const refuseUseless = (wanted: WantedRule, models: Iterable<string>): void => {
  if (wanted.until !== null && wanted.until <= wanted.from)
    throw notValid('ending_date is the day after the last, so it has to be after starting_date.');
  if (wanted.kind === 'discount' && wanted.basisPoints === 0) throw notValid('A discount of 0 % changes nothing.');
  if (wanted.kind === 'price') return;
  if ([...models].some((model) => isAbout(wanted, model))) return;
  throw notValid(
    wanted.scope.type === 'model'
      ? `There is no price for “${wanted.scope.model}”. Give it prices of its own first.`
      : 'No model that has a price is of this family.',
  );
};

/**
 * Makes a new version of the book within a change that has its turn, and records what changed. Everything that reads the
 * book finds rules and version together.
 */
const changeRules =
  ({ database, changePolicy, record, prices, now }: PriceDeps) =>
  <R>(by: Doer, change: (sql: Sql, rules: readonly StoredRule[]) => Promise<{ answer: R; update: Update }>) =>
    changeInTurn(database, async (sql) => {
      const store = priceStore(sql);
      const before = versionOf(prices.shipped, await store.lastNumber());
      const { answer, update } = await change(sql, await store.readRules());
      const number = (await store.lastNumber()) + 1;
      const book = applyRules(prices.shipped, await store.readRules(), versionOf(prices.shipped, number));
      await store.keepBook(book, { number, madeAt: now(), madeBy: doerId(by) });
      await changePolicy(sql, { entity: 'spend', id: PRICES });
      await record(sql, by, {
        type: 'remit_prices_updated',
        price_book: book.version,
        updates: [update, { type: 'price_book', previous_value: before, current_value: book.version }],
      });
      return answer;
    });

/** Makes a rule; it holds from the next request on. */
export const createRule =
  (deps: PriceDeps) =>
  (wanted: WantedRule, by: Doer): Promise<StoredRule> =>
    changeRules(deps)(by, async (sql) => {
      refuseUseless(
        wanted,
        deps.prices.pricing().book.entries.map(({ model }) => model),
      );
      // Prices are found by the name without a date behind it.
      const scope =
        wanted.scope.type === 'model' ? { ...wanted.scope, model: priceName(wanted.scope.model) } : wanted.scope;
      const rule: StoredRule = {
        ...wanted,
        scope,
        id: deps.newId('priceRule'),
        createdAt: deps.now(),
        createdBy: doerId(by),
      };
      await priceStore(sql).insertRule(rule);
      return { answer: rule, update: { type: rule.kind, previous_value: null, current_value: describeRule(rule) } };
    });

const findIn = (rules: readonly StoredRule[], id: string): StoredRule => {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw notFound('rule about prices', id);
  return rule;
};

/** Lets a rule end on a day. Days that have passed stay as they are: it can end today at the earliest. */
export const endRule =
  (deps: PriceDeps) =>
  (id: string, until: string, by: Doer): Promise<StoredRule> =>
    changeRules(deps)(by, async (sql, rules) => {
      const rule = findIn(rules, id);
      const today = toDate(dayOf(deps.now()));
      if (until <= rule.from) throw notValid('A rule cannot end before it began. Delete it instead.');
      if (until < today) throw notValid(`A rule can end on ${today} at the earliest.`);
      await priceStore(sql).endRule(id, until);
      const ended = { ...rule, until };
      return {
        answer: ended,
        update: { type: rule.kind, previous_value: describeRule(rule), current_value: describeRule(ended) },
      };
    });

/** Takes a rule back, as if it had never been. What was charged by it stays until it is re-rated. */
export const deleteRule =
  (deps: PriceDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeRules(deps)(by, async (sql, rules) => {
      const rule = findIn(rules, id);
      await priceStore(sql).deleteRule(id);
      return {
        answer: undefined,
        update: { type: rule.kind, previous_value: describeRule(rule), current_value: null },
      };
    });
