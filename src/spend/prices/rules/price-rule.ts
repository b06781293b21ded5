import type { Band, Rates } from '../../rules/price-book.ts';

/** What a rule is about: every model, a family of them (`opus`), or one model by its canonical id. */
export type PriceScope =
  | { readonly type: 'all' }
  | { readonly type: 'family'; readonly family: string }
  | { readonly type: 'model'; readonly model: string };

/** Parts of one hundred percent, and of a factor of 1. */
export const BASIS = 10_000;

/** A model's own prices, in place of those that are shipped. */
export type OwnPrice = {
  readonly bands: readonly Band[];
  readonly fast?: Rates;
  readonly hasGeoPremium: boolean;
};

/** What a rule does to a price. */
export type PriceEffect =
  /** So much of the list price is left out, in hundredths of a percent. */
  | { readonly kind: 'discount'; readonly basisPoints: number }
  /** Everything costs so many ten-thousandths of its price, such as 12,000 for 1.2 times as much. */
  | { readonly kind: 'multiplier'; readonly basisPoints: number }
  | { readonly kind: 'price'; readonly price: OwnPrice };

/** An organisation's own word on prices, from a day on (UTC, inclusive) until a day (exclusive), or without end. */
export type PriceRule = PriceEffect & {
  readonly id: string;
  readonly scope: PriceScope;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly until: string | null;
};

/** Whether a rule counts on a day; days compare as their texts do. */
export const isInForce = ({ from, until }: Pick<PriceRule, 'from' | 'until'>, day: string): boolean =>
  from <= day && (until === null || day < until);

/** Whether a model is of a family, by its id: `claude-opus-5-5` is of `opus`. */
export const isOfFamily = (model: string, family: string): boolean => model.split(/[-.]/).includes(family);

const NEARNESS = { model: 2, family: 1, all: 0 } as const;

/** Whether a rule is about a model. */
export const isAbout = ({ scope }: Pick<PriceRule, 'scope'>, model: string): boolean => {
  switch (scope.type) {
    case 'all':
      return true;
    case 'family':
      return isOfFamily(model, scope.family);
    case 'model':
      return scope.model === model;
    default:
      return scope satisfies never;
  }
};

/**
 * Which of several rules counts: the one that says more exactly what it is about; of those alike the one that began last,
 * and then the one made last, as ids sort by time.
 */
export const nearest = <R extends PriceRule>(rules: readonly R[]): R | undefined =>
  rules.reduce<R | undefined>((best, rule) => {
    if (best === undefined) return rule;
    const difference = NEARNESS[rule.scope.type] - NEARNESS[best.scope.type];
    if (difference !== 0) return difference > 0 ? rule : best;
    if (rule.from !== best.from) return rule.from > best.from ? rule : best;
    return rule.id > best.id ? rule : best;
  }, undefined);
