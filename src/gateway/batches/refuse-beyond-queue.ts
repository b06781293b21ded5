import type { Snapshot } from '../../access/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { rateFinding } from '../rates/take-rate.ts';
import { denied } from '../spend/limit-finding.ts';
import type { DecidedEntry } from './decide-batch.ts';
import { entryStore } from './entry-store.ts';

/** The entries of a new batch, the first of them refused where all of them would not fit the queue. */
export const refuseBeyondQueue = async (
  { rates, database, metrics }: Pick<GatewayDeps, 'rates' | 'database' | 'metrics'>,
  entries: readonly DecidedEntry[],
  snapshot: Snapshot,
): Promise<readonly DecidedEntry[]> => {
  if (!rates.limitsQueue) return entries;
  const refusal = rates.refuseQueue(await entryStore(database).countQueued(), entries.length);
  if (refusal === undefined) return entries;
  metrics.rateRefused(refusal.limiter);
  const finding = rateFinding(refusal, snapshot);
  return entries.map((entry, index) => {
    if (index > 0) return entry;
    const { packed: _packed, ...decided } = entry.decided;
    return { ...entry, decided: { ...decided, decision: denied(decided.decision, finding) } };
  });
};
