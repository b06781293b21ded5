import type { Snapshot } from '../../access/index.ts';
import type { RateGate } from '../../spend/index.ts';
import type { DecidedRequest } from '../decided-request.ts';
import { denialOf } from '../messages/denial.ts';
import { RefusalWithHeaders } from '../refuse.ts';
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
