import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, Snapshot } from '../../access/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { refuseByRate } from '../rates/refuse-by-rate.ts';
import { ClientLeft } from '../read-body.ts';
import { recognise } from '../recognise.ts';
import { refuse } from '../refuse.ts';
import { type RunningRequest, stopRefusal } from '../running.ts';
import type { ObjectKind } from '../tables.ts';
import type { Belongings } from './store.ts';

/** A request about batches or files whose caller is known, while it is being served. */
export type Exchange = {
  readonly id: string;
  readonly startedAt: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly snapshot: Snapshot;
  readonly query: URLSearchParams;
  /** The query as it was sent, with its question mark; empty when there is none. */
  readonly search: string;
  readonly belongings: Belongings;
  /** Aborts when nobody is to be answered any more: the client left, lost access, or Remit stops. */
  readonly signal: AbortSignal;
};

/** Serves one kind of request. `objectId` is the id in the path, empty where the path has none. */
export type Operation = (exchange: Exchange, objectId: string) => Promise<void>;

/** How an operation is counted in the metrics. */
export type OperationName = { readonly kind: ObjectKind; readonly operation: string };

export type ServeOperation = (request: IncomingMessage, response: ServerResponse, objectId: string) => Promise<void>;

/**
 * What all requests about objects share: the caller is recognised before anything is read, a revoked key or a shutdown
 * ends the exchange, and whatever the operation throws is answered in the API's envelope.
 */
export const serveOperation =
  (deps: GatewayDeps, name: OperationName, operate: Operation): ServeOperation =>
  async (request, response, objectId) => {
    const id = deps.newId('request');
    const over = new AbortController();
    const answerError = (thrown: unknown) => refuse({ request, response, requestId: id, log: deps.log }, thrown);
    let running: RunningRequest | undefined;
    response.once('close', () => over.abort(new ClientLeft()));
    try {
      const startedAt = deps.now();
      const snapshot = deps.policy.current();
      const recognised = recognise(request, snapshot, startedAt);
      if ('refusal' in recognised) throw recognised.refusal;
      const { caller } = recognised;
      await refuseByRate(deps, { id, startedAt, request, caller, kind: name.kind, snapshot });
      const entered: RunningRequest = {
        credential: caller.credential,
        stop: (reason) => {
          if (!over.signal.aborted) {
            answerError(stopRefusal(reason));
            over.abort(stopRefusal(reason));
          }
          // An operation may go on to write down what has happened, but a shutdown does not wait for it.
          if (reason === 'shutting_down') deps.running.remove(entered);
        },
      };
      running = entered;
      deps.running.add(entered);
      const { search, searchParams: query } = new URL(request.url ?? '/', 'http://remit');
      const belongings = { kind: name.kind, owner: caller };
      const { signal } = over;
      await operate(
        { id, startedAt, request, response, caller, snapshot, query, search, belongings, signal },
        objectId,
      );
    } catch (thrown) {
      if (!over.signal.aborted && !(thrown instanceof ClientLeft)) answerError(thrown);
    } finally {
      if (running !== undefined) deps.running.remove(running);
      deps.metrics.objectServed(name.kind, name.operation, response.headersSent ? response.statusCode : 499);
    }
  };
