import { type Day, type DayRange, windowOf } from '../../kernel/index.ts';
import { fromDate, notValid } from '../wire.ts';

/** At most so many days are reported on at once: a year, whichever it is. */
const DAYS_MAX = 366;

/** The days that are asked for; this month up to and with today when nothing is said. Refuses what is no range. */
export const readRange = (
  query: { readonly starting_date?: string | undefined; readonly ending_date?: string | undefined },
  today: Day,
): DayRange => {
  const until = query.ending_date === undefined ? today + 1 : fromDate(query.ending_date);
  const from = query.starting_date === undefined ? windowOf('monthly', until - 1).from : fromDate(query.starting_date);
  if (from >= until)
    throw notValid('starting_date has to be a day before ending_date, which is the day after the last.');
  if (until - from > DAYS_MAX)
    throw notValid(`A report covers at most ${DAYS_MAX} days; this would be ${until - from}. Ask for less.`);
  return { from, until };
};
