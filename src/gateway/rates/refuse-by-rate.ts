import type { Snapshot } from '../../access/index.ts';
import type { RateGate } from '../../spend/index.ts';
import type { DecidedEntry } from '../batches/decide-batch.ts';
import { entryStore } from '../batches/entry-store.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import { denialOf } from '../messages/denial.ts';
import { RefusalWithHeaders } from '../refuse.ts';
import { denied } from '../spend/limit-finding.ts';
import type { ObjectKind } from '../tables.ts';
import { rateCallerOf, rateFinding, retryHeaders } from './take-rate.ts';

/** Refuses a request about batches or files that comes too soon. */
export const refuseByRate = (
  gate: RateGate,
  asked: {
    readonly caller: DecidedRequest['caller'];
    readonly kind: ObjectKind;
    readonly snapshot: Snapshot;
  },
): void => {
  const { caller, kind, snapshot } = asked;
  const answer = gate.take({ kind: kind === 'batch' ? 'batch' : 'files', caller: rateCallerOf(caller) });
  if (answer.ok) return;
  const refusal = denialOf(rateFinding(answer.refusal, snapshot));
  throw new RefusalWithHeaders(refusal, [...retryHeaders(answer.refusal), ...answer.headers]);
};

/** The entries of a new batch, the first of them refused where all of them would not fit the queue. */
export const refuseBeyondQueue = async (
  { rates, database }: Pick<GatewayDeps, 'rates' | 'database'>,
  entries: readonly DecidedEntry[],
  snapshot: Snapshot,
): Promise<readonly DecidedEntry[]> => {
  if (!rates.limitsQueue) return entries;
  const refusal = rates.refuseQueue(await entryStore(database).countQueued(), entries.length);
  if (refusal === undefined) return entries;
  const finding = rateFinding(refusal, snapshot);
  return entries.map((entry, index) => {
    if (index > 0) return entry;
    const { packed: _packed, ...decided } = entry.decided;
    return { ...entry, decided: { ...decided, decision: denied(decided.decision, finding) } };
  });
};
