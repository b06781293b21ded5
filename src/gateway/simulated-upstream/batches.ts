import { ApiError, type ErrorEnvelope, invalid } from './api-error.ts';
import type { World } from './call.ts';
import { isObject, type JsonObject, objectOf } from './json.ts';
import { makeReply } from './messages.ts';
import { renderMessage } from './render-message.ts';

type Result =
  | { readonly type: 'succeeded'; readonly message: ReturnType<typeof renderMessage> }
  | { readonly type: 'errored'; readonly error: ErrorEnvelope };

type Entry = { readonly custom_id: string; readonly result: Result };

/** A batch as it was taken in. What has become of it follows from the clock, see {@link stateOf}. */
export type Batch = {
  readonly id: string;
  readonly createdMs: number;
  readonly durationMs: number;
  readonly entries: readonly Entry[];
  readonly cancelledMs: number | undefined;
};

const ENTRIES_MAX = 100_000;
const CUSTOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const DAY_MS = 86_400_000;

type Asked = { readonly params: JsonObject; readonly version: string | undefined; readonly requestId: string };

const resultOf = (world: World, { params, version, requestId }: Asked): Result => {
  try {
    const reply = makeReply(world, { raw: params, version }, 'batch');
    return { type: 'succeeded', message: renderMessage(reply, world.nextId) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { type: 'errored', error: error.envelope(requestId) };
  }
};

type Intake = { readonly raw: JsonObject; readonly version: string | undefined; readonly requestId: string };

/** Takes in a batch; a 400 when the list or one of its custom ids is not acceptable. Entries fail one by one. */
export const takeBatch = (world: World, intake: Intake, durationMs: number): Batch => {
  const { requests } = intake.raw;
  if (!Array.isArray(requests) || requests.length === 0) throw invalid('requests: a list with at least one entry');
  if (requests.length > ENTRIES_MAX) throw invalid(`requests: at most ${ENTRIES_MAX} entries`);
  const ids = new Set<string>();
  const entries = requests.map((entry: unknown, index): Entry => {
    const { custom_id, params } = objectOf(entry);
    if (typeof custom_id !== 'string' || !CUSTOM_ID.test(custom_id)) {
      throw invalid(`requests.${index}.custom_id: must match ${CUSTOM_ID.source}`);
    }
    if (ids.has(custom_id)) throw invalid(`requests.${index}.custom_id: "${custom_id}" is used twice`);
    if (!isObject(params)) throw invalid(`requests.${index}.params: Field required`);
    ids.add(custom_id);
    return { custom_id, result: resultOf(world, { ...intake, params }) };
  });
  return { id: world.nextId('msgbatch_'), createdMs: world.now(), durationMs, entries, cancelledMs: undefined };
};

type State = {
  readonly status: 'in_progress' | 'canceling' | 'ended';
  readonly done: number;
  readonly endedMs?: number;
};

/**
 * How far a batch has come at `nowMs`: its entries are worked off evenly over its duration; cancelling stops it there, and
 * it has ended by the next millisecond.
 */
export const stateOf = (batch: Batch, nowMs: number): State => {
  const total = batch.entries.length;
  const doneBy = (ms: number): number =>
    batch.durationMs === 0 ? total : Math.min(total, Math.floor(((ms - batch.createdMs) / batch.durationMs) * total));
  const endMs = batch.createdMs + batch.durationMs;
  if (batch.cancelledMs !== undefined) {
    const done = doneBy(batch.cancelledMs);
    return nowMs > batch.cancelledMs
      ? { status: 'ended', done, endedMs: batch.cancelledMs + 1 }
      : { status: 'canceling', done };
  }
  return nowMs >= endMs
    ? { status: 'ended', done: total, endedMs: endMs }
    : { status: 'in_progress', done: doneBy(nowMs) };
};

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

/** A batch as the API shows it (MessageBatch); counts stay at `processing` until it has ended, as the API's do. */
export const renderBatch = (batch: Batch, nowMs: number, origin: string) => {
  const { status, done, endedMs } = stateOf(batch, nowMs);
  const total = batch.entries.length;
  const finished = endedMs === undefined ? [] : batch.entries.slice(0, done);
  const succeeded = finished.filter(({ result }) => result.type === 'succeeded').length;
  return {
    id: batch.id,
    type: 'message_batch' as const,
    processing_status: status,
    request_counts: {
      processing: endedMs === undefined ? total : 0,
      succeeded,
      errored: finished.length - succeeded,
      canceled: endedMs === undefined ? 0 : total - done,
      expired: 0,
    },
    created_at: iso(batch.createdMs),
    expires_at: iso(batch.createdMs + DAY_MS),
    ended_at: iso(endedMs),
    cancel_initiated_at: iso(batch.cancelledMs),
    archived_at: null,
    results_url: endedMs === undefined ? null : `${origin}/v1/messages/batches/${batch.id}/results`,
  };
};

/** The lines of a batch's results file, one JSON object each; entries that were not reached are `canceled`. */
export function* resultLines(batch: Batch, nowMs: number): Generator<string> {
  const { done } = stateOf(batch, nowMs);
  for (const [index, { custom_id, result }] of batch.entries.entries()) {
    yield `${JSON.stringify({ custom_id, result: index < done ? result : { type: 'canceled' } })}\n`;
  }
}
