import type { Day, Micros } from '../../../../kernel/index.ts';
import type { Spender } from '../../../ledger/rules/account.ts';
import type { Charge, ChargeQuestion } from '../../../rules/charge.ts';

/** A request that was charged, with all that its price was reckoned from. */
export type ChargedRow = Spender & {
  readonly requestId: string;
  /** UTC, of its start. */
  readonly day: Day;
  readonly question: ChargeQuestion;
  readonly costMicros: Micros;
  readonly priced: boolean;
  /** The version of the book it was charged by. */
  readonly book: string;
};

/** Charges by one book. */
export type ChargeBy = (question: ChargeQuestion) => Charge;

/**
 * What another book makes of a row. `unknown`: the book it was charged by does not give the amount that was charged (the
 * runs it was made of were not kept, or the book was not), so nobody can say what another would have given.
 */
export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly afterMicros: Micros; readonly priced: boolean };

const isSame = (charge: Charge, row: ChargedRow): boolean =>
  charge.micros === row.costMicros && charge.priced === row.priced;

/** Reckons a row by another book. Before it says that something changes, it makes sure of how it came about. */
export const rateAgain = (
  row: ChargedRow,
  target: { readonly version: string; readonly charge: ChargeBy },
  chargeBy: (version: string) => ChargeBy | undefined,
): Verdict => {
  if (row.book === target.version) return { kind: 'same' };
  const charge = chargeBy(row.book);
  if (charge === undefined || !isSame(charge(row.question), row)) return { kind: 'unknown' };
  const after = target.charge(row.question);
  return isSame(after, row) ? { kind: 'same' } : { kind: 'changed', afterMicros: after.micros, priced: after.priced };
};
