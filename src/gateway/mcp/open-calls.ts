import type { McpDeps } from './deps.ts';
import type { McpOutcome } from './tables.ts';

/** The requests of one POST that the client waits for an answer to, and the records that wait for an ending. */
export type OpenCalls = {
  /** Marks the request with this id (as JSON) as answered. */
  answered(id: string, outcome: McpOutcome, bytes: number): void;
  /** The ids nobody has answered yet, as JSON. */
  unanswered(): readonly string[];
  /** Ends what is still open. */
  endAll(outcome: McpOutcome, status: number | null): void;
};

type Waiting = { readonly id: string; readonly callId: string | null };

/** Opens the requests of a POST; `callId` is null for one that has no record. `status` is what the client is answered with. */
export const createOpenCalls = (
  { calls, metrics, now }: Pick<McpDeps, 'calls' | 'metrics' | 'now'>,
  requests: readonly Waiting[],
  startedTicks: number,
): OpenCalls => {
  const waiting = new Map(requests.map((request) => [request.id, request]));

  const end = (
    { id, callId }: Waiting,
    outcome: McpOutcome,
    [status, bytes]: readonly [number | null, number],
  ): void => {
    waiting.delete(id);
    if (callId === null) return;
    const total_ms = performance.now() - startedTicks;
    metrics.ended(outcome, total_ms);
    calls.ended({ call_id: callId, ended_at: now(), outcome, status, answer_bytes: bytes, total_ms });
  };

  return {
    answered: (id, outcome, bytes) => {
      const request = waiting.get(id);
      if (request !== undefined) end(request, outcome, [200, bytes]);
    },
    unanswered: () => [...waiting.keys()],
    endAll: (outcome, status) => {
      for (const request of [...waiting.values()]) end(request, outcome, [status, 0]);
    },
  };
};
