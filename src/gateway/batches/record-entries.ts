import type { GatewayDeps } from '../deps.ts';
import { storeRefusal } from '../messages/denial.ts';
import { BATCH_ENTRIES } from '../tables.ts';
import { type DecidedEntry, ENTRIES_AT_ONCE } from './decide-batch.ts';
import { withoutUse } from './endings.ts';
import { releaseEntries } from './reserve-entries.ts';

const stored = (run: (durable: (error?: Error) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    run((error) => (error === undefined ? resolve() : reject(error)));
  });

/**
 * Writes down the entries of a batch with their decisions, and under which creation they stand; resolves when all of it is
 * on disk. Large batches share the journal with the requests of others, a few hundred rows at a time. When the store
 * fails midway, those already written are closed as unused, and the refusal to answer with is thrown.
 */
export const recordEntries = async (
  { database, recorder, now, spending }: Pick<GatewayDeps, 'database' | 'recorder' | 'now' | 'spending'>,
  entries: readonly DecidedEntry[],
  creationId: string,
): Promise<void> => {
  for (let at = 0; at < entries.length; at += ENTRIES_AT_ONCE) {
    const some = entries.slice(at, at + ENTRIES_AT_ONCE);
    const rows = some.flatMap(({ decided, customId }) => [
      stored((durable) => recorder.decided(decided, durable)),
      stored((durable) => database.journal.append(BATCH_ENTRIES, [decided.id, creationId, customId], durable)),
    ]);
    const failure = (await Promise.allSettled(rows)).find((row) => row.status === 'rejected');
    if (failure === undefined) continue;
    const ending = withoutUse({ endedAt: now(), outcome: 'failed', status: 503, upstream: null, totalMs: 0 });
    for (const { decided } of entries.slice(0, at)) recorder.ended(decided, ending);
    releaseEntries(spending.ledger, entries.slice(at));
    throw storeRefusal(failure.reason);
  }
};
