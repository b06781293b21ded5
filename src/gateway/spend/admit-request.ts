import type { Snapshot } from '../../access/index.ts';
import { type Bounds, FREE_TICKET, isUnbounded, type RateTicket } from '../../spend/index.ts';
import type { Body } from '../body.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import { takeRate } from '../rates/take-rate.ts';
import type { ScannedRequest } from '../scan/index.ts';
import { askFor } from './ask-for.ts';
import { type Admitted, reserve } from './reserve.ts';

/** A decided request with what the price of it follows from. */
export type ToAdmit = {
  readonly decided: DecidedRequest;
  readonly bounds: Bounds;
  readonly scanned: ScannedRequest;
  readonly body: Body;
  readonly snapshot: Snapshot;
};

const askOf = ({ spending, requestMsMax }: GatewayDeps, { decided, bounds, scanned, body }: ToAdmit) => {
  const { id: requestId, startedAt, wanted, decision, bodyBytes } = decided;
  const expiresAt = startedAt + requestMsMax;
  return askFor(
    { requestId, startedAt, expiresAt, bounds, scanned, wanted, decision, body, bodyBytes, isBatch: false },
    spending.pricing(),
    spending.typicalOutput,
  );
};

/**
 * Asks whether a request may go now (rates) and may be paid for (the ledger), in this order, because the first is answered
 * from memory. `admitted` is called once with what was decided in the end: at once, unless a limit stands on the request
 * and the ledger is in a database that many nodes share.
 */
export const admitRequest = (
  deps: GatewayDeps,
  request: ToAdmit,
  admitted: (admitted: Admitted, ticket: RateTicket) => void,
): void => {
  const { decided, bounds, snapshot } = request;
  if (decided.decision.effect === 'deny') {
    admitted({ decided, lines: '' }, FREE_TICKET);
    return;
  }
  const taken = takeRate(deps, decided, snapshot);
  if ('refused' in taken) admitted(taken.refused, FREE_TICKET);
  else if (isUnbounded(bounds)) admitted({ decided, lines: '' }, taken.ticket);
  else reserve(deps, { decided, ask: askOf(deps, request), snapshot }, (one) => admitted(one, taken.ticket));
};
