import { type Caller, resolveCredential, type Snapshot } from '../access/index.ts';
import type { CredentialFacts } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';

export type StopReason = 'revoked' | 'shutting_down';

/** A request that is being served. */
export type RunningRequest = {
  /** The id of its row, where it has one. */
  readonly requestId?: string;
  readonly credential: CredentialFacts;
  /** Whether it may go on under a changed policy; where it is missing, it may for as long as its key counts. */
  mayGoOn?(caller: Caller, snapshot: Snapshot): boolean;
  /** It waits for whatever may come, and so is ended by a shutdown at once. */
  readonly isListening?: boolean;
  /** Ends it for a reason the client is told. */
  stop(reason: StopReason): void;
};

/** What the client of a stopped request is told. */
export const stopRefusal = (reason: StopReason): Refusal =>
  reason === 'revoked'
    ? new Refusal('credential_revoked', 'Your access ended while this answer was being written.')
    : new Refusal('shutting_down', 'Remit is restarting. Try again in a moment.');

/** The requests being served on this node. */
export type Running = {
  add(request: RunningRequest): void;
  remove(request: RunningRequest): void;
  readonly size: number;
  /** The ids of those that have a row. */
  ids(): readonly string[];
  /** Stops those whose key, member or group no longer counts. */
  stopRevoked(snapshot: Snapshot, now: number): void;
  /** Resolves when none is left, after `graceMs` having stopped those that remain. */
  drain(graceMs: number): Promise<void>;
};

/**
 * An array, not a Set: a Set that is added to and deleted from for hours leaves dead
 * tables behind that keep finished requests alive from one garbage collection to the next.
 */
export const createRunning = (): Running => {
  const requests: RunningRequest[] = [];
  let whenEmpty: (() => void)[] = [];

  const remove = (request: RunningRequest): void => {
    const place = requests.indexOf(request);
    if (place === -1) return;
    const last = requests.pop();
    if (last !== undefined && last !== request) requests[place] = last;
    if (requests.length > 0) return;
    for (const resolve of whenEmpty) resolve();
    whenEmpty = [];
  };

  return {
    add: (request) => {
      requests.push(request);
    },
    remove,
    get size() {
      return requests.length;
    },
    ids: () => requests.flatMap(({ requestId }) => requestId ?? []),
    stopRevoked: (snapshot, now) => {
      for (const request of [...requests]) {
        const credential = snapshot.credentials.get(request.credential.id);
        const resolved = credential && resolveCredential(snapshot, credential, now);
        const caller = resolved && 'caller' in resolved ? resolved.caller : undefined;
        if (caller === undefined || request.mayGoOn?.(caller, snapshot) === false) request.stop('revoked');
      }
    },
    drain: async (graceMs) => {
      for (const request of requests.filter(({ isListening }) => isListening)) request.stop('shutting_down');
      if (requests.length === 0) return;
      const empty = new Promise<void>((resolve) => whenEmpty.push(resolve));
      const timer = setTimeout(() => {
        for (const request of [...requests]) request.stop('shutting_down');
      }, graceMs);
      await empty;
      clearTimeout(timer);
    },
  };
};
