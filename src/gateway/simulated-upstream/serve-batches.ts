import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError, invalid } from './api-error.ts';
import { type Batch, renderBatch, resultLines, stateOf, takeBatch } from './batches.ts';
import { type Call, headerOf, sendJson, type World } from './call.ts';
import { pageById } from './pages.ts';
import { parseBody } from './read-message-request.ts';

/** The endpoints under `/v1/messages/batches`. */
export type BatchEndpoints = {
  readonly create: (call: Call) => void;
  readonly list: (call: Call) => void;
  readonly get: (call: Call, id: string) => void;
  readonly cancel: (call: Call, id: string) => void;
  readonly results: (call: Call, id: string) => Promise<void>;
  readonly remove: (call: Call, id: string) => void;
};

const BATCHES_MAX = 100;

/** Batches kept in memory, the newest {@link BATCHES_MAX} of them; each takes `durationMs` by the world's clock. */
export const createBatchEndpoints = (world: World, durationMs: number): BatchEndpoints => {
  const batches = new Map<string, Batch>();

  const find = (id: string): Batch => {
    const batch = batches.get(id);
    if (batch === undefined) throw new ApiError(404, `No message batch has the id ${id}.`);
    return batch;
  };
  const isEnded = (batch: Batch): boolean => stateOf(batch, world.now()).status === 'ended';
  const show = (call: Call, batch: Batch): void => sendJson(call, renderBatch(batch, world.now(), call.origin));

  return {
    create: (call) => {
      const intake = {
        raw: parseBody(call.body),
        version: headerOf(call, 'anthropic-version'),
        requestId: call.requestId,
      };
      const batch = takeBatch(world, intake, durationMs);
      batches.set(batch.id, batch);
      const oldest = batches.keys().next().value;
      if (batches.size > BATCHES_MAX && oldest !== undefined) batches.delete(oldest);
      show(call, batch);
    },
    list: (call) => {
      const newestFirst = [...batches.values()].reverse();
      sendJson(
        call,
        pageById(
          newestFirst.map((batch) => renderBatch(batch, world.now(), call.origin)),
          call.query,
        ),
      );
    },
    get: (call, id) => show(call, find(id)),
    cancel: (call, id) => {
      const batch = find(id);
      if (isEnded(batch)) throw invalid(`The batch ${id} has ended and cannot be cancelled.`);
      const cancelled = { ...batch, cancelledMs: batch.cancelledMs ?? world.now() };
      batches.set(id, cancelled);
      show(call, cancelled);
    },
    results: async (call, id) => {
      const batch = find(id);
      if (!isEnded(batch)) throw new ApiError(404, `The batch ${id} has not ended; it has no results yet.`);
      call.response.writeHead(200, { 'content-type': 'application/x-jsonl' });
      await pipeline(Readable.from(resultLines(batch, world.now())), call.response);
    },
    remove: (call, id) => {
      if (!isEnded(find(id))) throw invalid(`The batch ${id} is still in progress; cancel it before deleting it.`);
      batches.delete(id);
      sendJson(call, { id, type: 'message_batch_deleted' });
    },
  };
};
