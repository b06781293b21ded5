import type { PriceRule, PriceScope } from '../../../spend/contract.ts';
import { formatDay } from '../../kit/format.ts';
import { dollarsOf, formatAmount } from '../../kit/money.ts';

/** A family of models by its name: `opus` → `Opus`. */
export const nameOfFamily = (family: string): string => family.charAt(0).toUpperCase() + family.slice(1);

/** What a rule about prices is about. */
export const scopeWords = (scope: PriceScope): string => {
  switch (scope.type) {
    case 'all':
      return 'All models';
    case 'family':
      return `All ${nameOfFamily(scope.family)} models`;
    case 'model':
      return scope.model;
    default:
      return scope satisfies never;
  }
};

/** A price of a million tokens, to the cent or as exactly as it is agreed: `12.5` → `$12.50`, `0.4375` → `$0.4375`. */
export const formatRate = (dollars: string): string =>
  Number(dollars).toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });

/** What a rule does. */
export const ruleWords = ({ kind, percent, factor, prices }: PriceRule): string => {
  switch (kind) {
    case 'discount':
      return `${percent}% off`;
    case 'multiplier':
      return `Price times ${factor}`;
    case 'price':
      return prices === null ? 'Own prices' : `${formatRate(prices.input)} in, ${formatRate(prices.output)} out`;
    default:
      return kind satisfies never;
  }
};

/** On which days it holds; the last one is included. */
export const daysWords = (starting: string, ending: string | null): string => {
  if (ending === null) return `From ${formatDay(starting)} on`;
  const last = new Date(Date.parse(ending) - 86_400_000).toISOString().slice(0, 10);
  return `${formatDay(starting)} to ${formatDay(last)}`;
};

/** A difference with its sign: `+$12.00`. */
export const signed = (cents: string): string => {
  const dollars = dollarsOf(cents);
  return dollars > 0 ? `+${formatAmount(cents)}` : formatAmount(cents);
};
