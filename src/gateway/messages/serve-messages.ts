import { judge } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { splitHeaderLines } from '../../platform/index.ts';
import { type RateTicket, UNBOUNDED } from '../../spend/index.ts';
import type { Body } from '../body.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import { clientOf } from '../describe-client.ts';
import { createFindForeignFiles, fenceJudgement } from '../files/fence-files.ts';
import type { ClientExchange } from '../front/client-exchange.ts';
import { ClientLeft } from '../read-body.ts';
import { mayBeNew, recogniseKeys } from '../recognise.ts';
import { refuseClient } from '../refuse.ts';
import { type ScannedRequest, scanRequest } from '../scan/index.ts';
import { admitRequest } from '../spend/admit-request.ts';
import type { Admitted } from '../spend/reserve.ts';
import { boundCaller } from '../spend/spending.ts';
import { decisionLines, denial, storeRefusal } from './denial.ts';
import { editsOf } from './edits-of.ts';
import { relay } from './relay.ts';
import { wantedOf } from './wanted.ts';

type Read = { readonly scanned: ScannedRequest; readonly body: Body };

/**
 * The life of a Messages request: read the bytes once, find the caller in the snapshot, decide, take the rate and hold
 * the money it may cost, write the decision down, and forward the bytes, changed only where the decision says so. Serves
 * `count_tokens` as well.
 */
export const createServeMessages = (deps: GatewayDeps, endpoint: 'messages' | 'count_tokens') => {
  const findForeignFiles = createFindForeignFiles(deps.database);
  return async (exchange: ClientExchange): Promise<void> => {
    const startedAt = deps.now();
    const id = deps.newId('request', startedAt);
    const startedTicks = performance.now();
    const answerError = (thrown: unknown, headers?: readonly string[]) =>
      refuseClient({ exchange, requestId: id, log: deps.log }, thrown, headers);

    /** With everything decided: refuses, or forwards what was decided. */
    const goOn = ({ decided, lines }: Admitted, ticket: RateTicket, { scanned, body }: Read): void => {
      const { decision, reservation } = decided;
      if (exchange.isOver) {
        // The client left while the ledger was asked: nothing was sent, so nothing is to be remembered.
        if (reservation != null) deps.spending.ledger.release(reservation);
        ticket.cancel();
        return;
      }
      deps.metrics.decided(endpoint, decision.effect);
      const ours = decisionLines(decided) + lines;
      if (decision.effect === 'deny') {
        ticket.cancel();
        body.giveBack();
        deps.recorder.decided(decided, (error) =>
          answerError(denialOnceStored(deps, decided, error), splitHeaderLines(ours)),
        );
        return;
      }
      const outgoing = body.withEdits(editsOf(scanned, decision.changes));
      relay(deps, { decided, exchange, lines: ours, ticket, startedTicks, body: outgoing });
    };
    try {
      let snapshot = deps.policy.current();
      const { head, socket } = exchange;
      const presented = { keys: head.keys, workspaceId: head.workspaceId, socket };
      let recognised = recogniseKeys(presented, snapshot, startedAt);
      if (mayBeNew(recognised, head.keys)) {
        await deps.policy.refresh();
        snapshot = deps.policy.current();
        recognised = recogniseKeys(presented, snapshot, startedAt);
      }
      if ('refusal' in recognised) {
        deps.metrics.decided(endpoint, 'unauthenticated');
        throw recognised.refusal;
      }
      const collected = exchange.collect(deps.bodyBytesMax);
      const body = collected instanceof Promise ? await collected : collected;
      const scanned = scan(body);
      const wanted = wantedOf(scanned, head.product);
      const client = clientOf(head, scanned.metadataUserId);
      const isCounted = endpoint === 'messages';
      const { caller, bounds } = isCounted
        ? boundCaller(deps.spending, snapshot, {
            caller: recognised.caller,
            sessionId: client.sessionId,
            at: startedAt,
          })
        : { caller: recognised.caller, bounds: UNBOUNDED };
      const judged = judge(snapshot, caller, wanted);
      const { fileIds } = scanned;
      // Nothing is waited for but by requests that name files.
      const { decision, packed } =
        fileIds.length === 0
          ? judged
          : fenceJudgement(judged, wanted, [fileIds, await findForeignFiles(caller, fileIds)]);
      const decided: DecidedRequest = {
        id,
        startedAt,
        endpoint,
        caller,
        client,
        stream: scanned.stream,
        bodyBytes: body.length,
        decision,
        wanted,
        packed,
      };
      admitRequest(deps, { decided, bounds, scanned, body, snapshot }, (admitted, ticket) => {
        try {
          goOn(admitted, ticket, { scanned, body });
        } catch (thrown) {
          answerError(thrown);
        }
      });
    } catch (thrown) {
      if (!(thrown instanceof ClientLeft)) answerError(thrown);
    }
  };
};

/** A denial is told once it is on disk; while the store is away, if requests may go on then, its row follows. */
const denialOnceStored = (deps: GatewayDeps, decided: DecidedRequest, error: Error | undefined): Refusal => {
  if (error === undefined) deps.outage.wrote();
  else if (deps.outage.mayGoOn(error, deps.now())) deps.recorder.decidedLate(decided);
  else return storeRefusal(error);
  return denial(decided);
};

const scan = ({ pieces }: Body): ScannedRequest => {
  const scanned = scanRequest(pieces);
  if (!scanned.ok) throw new Refusal('invalid_request', scanned.problem);
  return scanned.request;
};
