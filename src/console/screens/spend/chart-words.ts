import type { SpendForecast } from '../../../spend/contract.ts';
import { formatAmount } from '../../kit/money.ts';
import { formatShortDay } from '../../kit/reset-words.ts';

/** What the chart of the month shows, for people who do not see it. */
export const chartWords = ({ amount, forecast, by_day }: SpendForecast, limit: string | null): string => {
  const last = by_day.findLast((day) => day.amount !== null)?.date;
  return [
    `${formatAmount(amount)} spent${last === undefined ? '' : ` by ${formatShortDay(last)}`}`,
    limit === null ? 'no limit' : `the limit is ${formatAmount(limit)}`,
    forecast === null
      ? 'no forecast yet'
      : `${formatAmount(forecast.expected_amount)} expected by the end of the month, likely between ${formatAmount(forecast.low_amount)} and ${formatAmount(forecast.high_amount)}`,
  ].join('; ');
};
