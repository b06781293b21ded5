import { idPage } from '../../kernel/index.ts';
import type { GatewayDeps } from '../deps.ts';
import {
  headersForPassing,
  headersForReading,
  objectIn,
  passOn,
  readWhole,
  sendAnswer,
  sendJson,
  type WholeAnswer,
  type WireObject,
} from '../objects/answer-client.ts';
import type { Exchange, Operation } from '../objects/exchange.ts';
import { readObjects } from '../objects/read-objects.ts';
import { objectStore } from '../objects/store.ts';
import type { UpstreamObject } from '../tables.ts';
import { upstreamNamed } from '../upstream/ask.ts';
import type { OpenBatches } from './open-batches.ts';
import { showBatch } from './show-batch.ts';

const pathOf = ({ id }: UpstreamObject): string => `/v1/messages/batches/${id}`;

const storedObject = ({ object }: UpstreamObject): WireObject => JSON.parse(object);

/** How many batches of a list are asked for at the provider at a time. */
const REFRESHED_AT_ONCE = 8;

/** The operations on batches that exist; each asks the provider that holds the batch, and only for its owner. */
export const createBatchOperations = (deps: GatewayDeps, open: OpenBatches) => {
  const store = objectStore(deps.database);
  const find = ({ belongings }: Exchange, id: string) => store.find(belongings, id);

  const holderOf = ({ upstream }: UpstreamObject) => upstreamNamed(deps.upstreams, upstream);

  const ask = async (
    exchange: Exchange,
    batch: UpstreamObject,
    how: { readonly method: string; readonly path: string },
  ) => {
    const { signal } = exchange;
    return readWhole(await deps.ask(holderOf(batch), { ...how, headers: headersForReading(exchange) }, signal), signal);
  };

  /** Keeps what the provider shows of a batch; undefined when the answer shows none. */
  const remember = async (answer: WholeAnswer, batch: UpstreamObject): Promise<WireObject | undefined> => {
    const shown = answer.status === 200 ? objectIn(answer) : undefined;
    if (shown?.id !== batch.id) return undefined;
    const object = JSON.stringify(shown);
    if (object !== batch.object) await store.remember(batch.id, object);
    return shown;
  };

  const showAnswer = async (exchange: Exchange, answer: WholeAnswer, batch: UpstreamObject): Promise<void> => {
    const shown = await remember(answer, batch);
    sendAnswer(exchange, answer, shown === undefined ? {} : { reply: showBatch(deps, exchange, shown) });
  };

  const get: Operation = async (exchange, id) => {
    const batch = await find(exchange, id);
    const answer = await ask(exchange, batch, { method: 'GET', path: pathOf(batch) + exchange.search });
    await showAnswer(exchange, answer, batch);
  };

  const cancel: Operation = async (exchange, id) => {
    const batch = await find(exchange, id);
    const answer = await ask(exchange, batch, { method: 'POST', path: `${pathOf(batch)}/cancel${exchange.search}` });
    await showAnswer(exchange, answer, batch);
  };

  // Charged before they are handed out, so that nobody has results that are missing from the accounts.
  const results: Operation = async (exchange, id) => {
    const batch = await find(exchange, id);
    await open.settle(batch);
    const path = `${pathOf(batch)}/results${exchange.search}`;
    const question = { method: 'GET', path, headers: headersForPassing(exchange) };
    await passOn(exchange, await deps.ask(holderOf(batch), question, exchange.signal));
  };

  // What is deleted cannot be charged any more.
  const remove: Operation = async (exchange, id) => {
    const batch = await find(exchange, id);
    await open.settle(batch);
    const answer = await ask(exchange, batch, { method: 'DELETE', path: pathOf(batch) + exchange.search });
    if (answer.status === 200) await store.markDeleted(batch.id, deps.now());
    sendAnswer(exchange, answer);
  };

  /** A batch as it stands now; the way it was last seen when the provider does not answer. */
  const refreshed = async (exchange: Exchange, batch: UpstreamObject): Promise<WireObject> => {
    const known = storedObject(batch);
    if (known.processing_status === 'ended') return known;
    try {
      return (await remember(await ask(exchange, batch, { method: 'GET', path: pathOf(batch) }), batch)) ?? known;
    } catch (thrown) {
      if (exchange.signal.aborted) throw thrown;
      return known;
    }
  };

  const list: Operation = async (exchange) => {
    const { belongings, query } = exchange;
    const { rows, limit, direction } = await readObjects(deps.database, belongings, { query, now: deps.now() });
    const shown: WireObject[] = [];
    for (let at = 0; at < rows.length; at += REFRESHED_AT_ONCE) {
      const some = rows.slice(at, at + REFRESHED_AT_ONCE);
      shown.push(...(await Promise.all(some.map((batch) => refreshed(exchange, batch)))));
    }
    const page = shown.map((batch) => showBatch(deps, exchange, batch));
    sendJson(exchange, idPage(page, limit, direction));
  };

  return { get, cancel, results, remove, list };
};
