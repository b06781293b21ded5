import type { IncomingMessage, ServerResponse } from 'node:http';
import { judge } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { clientOf } from '../describe-client.ts';
import { giveBack } from '../give-back.ts';
import { ClientLeft, collectBody } from '../read-body.ts';
import { recogniseKeys } from '../recognise.ts';
import type { DecidedRequest } from '../record.ts';
import { refuse } from '../refuse.ts';
import { readRequestHead } from '../request-head.ts';
import { applyEdits, type ScannedRequest, scanRequest } from '../scan/index.ts';
import { decisionHeaders, denial, storeRefusal } from './denial.ts';
import { editsOf } from './edits-of.ts';
import { relay } from './relay.ts';
import { wantedOf } from './wanted.ts';

export type Served = { readonly request: IncomingMessage; readonly response: ServerResponse };

/**
 * The life of a Messages request: read the bytes once, find the caller in the snapshot, decide, write the decision
 * down, and forward the bytes, changed only where the decision says so. Serves `count_tokens` as well.
 */
export const createServeMessages =
  (deps: GatewayDeps, endpoint: 'messages' | 'count_tokens') =>
  async ({ request, response }: Served): Promise<void> => {
    const id = deps.newId('request');
    const startedAt = deps.now();
    const startedTicks = performance.now();
    const answerError = (thrown: unknown, headers?: readonly string[]) =>
      refuse({ request, response, requestId: id, log: deps.log }, thrown, headers);
    try {
      const snapshot = deps.policy.current();
      const head = readRequestHead(request.rawHeaders);
      const recognised = recogniseKeys(
        { keys: head.keys, workspaceId: head.workspaceId, socket: request.socket },
        snapshot,
        startedAt,
      );
      if ('refusal' in recognised) {
        deps.metrics.decided(endpoint, 'unauthenticated');
        throw recognised.refusal;
      }
      const body = await collectBody(request, head, deps.bodyBytesMax);
      const scanned = scan(body);
      const wanted = wantedOf(scanned, head.product);
      const { caller } = recognised;
      const { decision, packed } = judge(snapshot, caller, wanted);
      const decided: DecidedRequest = {
        id,
        startedAt,
        endpoint,
        caller,
        client: clientOf(head, scanned.metadataUserId),
        stream: scanned.stream,
        bodyBytes: body.length,
        decision,
        wanted,
        packed,
      };
      deps.metrics.decided(endpoint, decision.effect);
      const headers = decisionHeaders(decided);
      if (decision.effect === 'deny') {
        deps.recorder.decided(decided, (error) => answerError(error ? storeRefusal(error) : denial(decided), headers));
        return;
      }
      const edits = editsOf(scanned, decision.changes);
      const outgoing = edits.length === 0 ? body : applyEdits(body, edits);
      if (outgoing !== body) giveBack(body);
      relay(deps, {
        decided,
        request,
        response,
        headers,
        startedTicks,
        forwarded: head.forwarded,
        body: outgoing,
      });
    } catch (thrown) {
      if (!(thrown instanceof ClientLeft)) answerError(thrown);
    }
  };

const scan = (body: Buffer): ScannedRequest => {
  const scanned = scanRequest(body);
  if (!scanned.ok) throw new Refusal('invalid_request', scanned.problem);
  return scanned.request;
};
