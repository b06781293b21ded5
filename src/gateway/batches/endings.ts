import { type MeteredMessage, NOTHING_METERED, statesUsage, usageFromMessage } from '../../spend/index.ts';
import type { Ending } from '../usage-row.ts';

type Known = Pick<Ending, 'endedAt' | 'upstream' | 'totalMs'>;

const ofEntry = (known: Known, metered: MeteredMessage) => ({
  ...known,
  upstreamRequestId: null,
  metered,
  textBytes: 0,
  firstByteMs: null,
  batch: true,
});

/** How an entry ended that never ran: nothing was used. */
export const withoutUse = ({ outcome, status, ...known }: Known & Pick<Ending, 'outcome' | 'status'>): Ending => ({
  ...ofEntry(known, NOTHING_METERED),
  outcome,
  status,
  isComplete: true,
});

/** How an entry ended that may have run and whose result nobody saw: an estimate of its prompt is charged. */
export const unseen = (known: Known): Ending => ({
  ...ofEntry(known, NOTHING_METERED),
  outcome: 'interrupted',
  status: null,
  isComplete: false,
});

/** One line of a batch's results (organisation APIs §6.6), as far as charging needs it. */
export type Result = { readonly customId: string; readonly type: string; readonly message: unknown };

/**
 * How the entry of a result ended. Only a message costs something (by estimate where it states no counts); an error, an expired and a cancelled entry are free
 * (a cancelled one counts as the client's leaving).
 */
export const endingOf = ({ type, message }: Result, known: Known): Ending => {
  if (type === 'succeeded') {
    const metered = usageFromMessage(message);
    const isComplete = statesUsage(metered);
    const textBytes = isComplete ? 0 : Buffer.byteLength(JSON.stringify(message ?? null));
    return { ...ofEntry(known, metered), outcome: 'completed', status: 200, isComplete, textBytes };
  }
  return withoutUse({ ...known, outcome: type === 'canceled' ? 'client_left' : 'failed', status: null });
};
