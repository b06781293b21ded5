import { Refusal } from '../../kernel/index.ts';
import type { UsageOutcome } from '../../spend/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { createFindForeignFiles } from '../files/fence-files.ts';
import { storeRefusal } from '../messages/denial.ts';
import { headersForReading, objectIn, readWhole, sendAnswer, type WholeAnswer } from '../objects/answer-client.ts';
import type { Exchange, Operation } from '../objects/exchange.ts';
import { collectBody } from '../read-body.ts';
import { RefusalWithHeaders } from '../refuse.ts';
import { readRequestHead } from '../request-head.ts';
import { applyEdits, type BatchEntry, scanBatch } from '../scan/index.ts';
import { boundCaller } from '../spend/spending.ts';
import { askInOrder } from '../upstream/ask.ts';
import { batchDenial, type DecidedEntry, decideEntries } from './decide-batch.ts';
import { unseen, withoutUse } from './endings.ts';
import type { OpenBatches } from './open-batches.ts';
import { recordEntries } from './record-entries.ts';
import { refuseBeyondQueue } from './refuse-beyond-queue.ts';
import { releaseEntries, reserveEntries } from './reserve-entries.ts';
import { showBatch } from './show-batch.ts';

const scan = (body: Buffer): readonly BatchEntry[] => {
  const scanned = scanBatch(body);
  if (!scanned.ok) throw new Refusal('invalid_request', scanned.problem);
  return scanned.entries;
};

/**
 * `POST /v1/messages/batches`: every entry is decided as a request of its own, and one that is refused refuses them all.
 * The rows of the entries are on disk before the batch leaves. From then on the creation runs to its end even when the
 * client goes away, so that a batch which exists at the provider is known here.
 */
export const createCreateBatch = (deps: GatewayDeps, open: OpenBatches): Operation => {
  const { recorder, now, newId, metrics } = deps;
  const findForeignFiles = createFindForeignFiles(deps.database);

  /** Refused entries are written down, the first under the id the client is told; of the others there is nothing to tell. */
  const refuseDenied = async (
    exchange: Exchange,
    entries: readonly DecidedEntry[],
    headers: readonly string[],
  ): Promise<void> => {
    const denied = entries
      .filter(({ decided }) => decided.decision.effect === 'deny')
      .map((entry, index) => (index === 0 ? { ...entry, decided: { ...entry.decided, id: exchange.id } } : entry));
    const refusal = batchDenial(denied);
    if (refusal === undefined) return;
    await recordEntries(deps, denied, exchange.id);
    throw new RefusalWithHeaders(refusal, headers);
  };

  /** Charges an estimate for entries of a batch that exists, and that nobody can find again. */
  const closeUnseen = ({ startedAt }: Exchange, entries: readonly DecidedEntry[], upstream: string): void => {
    const endedAt = now();
    for (const { decided } of entries)
      recorder.ended(decided, unseen({ endedAt, upstream, totalMs: endedAt - startedAt }));
  };

  const closeUnused = (
    { startedAt }: Exchange,
    entries: readonly DecidedEntry[],
    how: { readonly outcome: UsageOutcome; readonly status: number | null; readonly upstream: string | null },
  ): void => {
    const endedAt = now();
    for (const { decided } of entries)
      recorder.ended(decided, withoutUse({ ...how, endedAt, totalMs: endedAt - startedAt }));
  };

  const register = async (exchange: Exchange, answer: WholeAnswer, id: string): Promise<void> => {
    const { caller, belongings } = exchange;
    try {
      await open.add({
        id,
        kind: belongings.kind,
        upstream: answer.upstream.name,
        user_id: caller.userId,
        group_id: caller.groupId,
        api_key_id: caller.credential.id,
        creation_id: exchange.id,
        created_at: now(),
        expires_at: null,
        deleted_at: null,
        object: answer.body.toString('utf8'),
      });
    } catch (error) {
      deps.log.error({ err: error, batch: id }, 'a batch was created at the provider and could not be recorded');
      throw storeRefusal(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const send = async (
    exchange: Exchange,
    entries: readonly DecidedEntry[],
    { body, wasEncoded }: { readonly body: Buffer; readonly wasEncoded: boolean },
  ): Promise<WholeAnswer> => {
    const edits = entries.flatMap((entry) => entry.edits);
    const question = {
      method: 'POST',
      path: exchange.request.url ?? '/',
      headers: headersForReading(exchange, wasEncoded),
      body: edits.length === 0 ? body : applyEdits(body, edits),
    };
    return readWhole(await askInOrder(deps.ask, deps.upstreams, question));
  };

  return async (exchange) => {
    const { request, signal } = exchange;
    const head = readRequestHead(request.rawHeaders);
    const body = await collectBody(request, head, deps.batchBytesMax);
    const wasEncoded = head.contentEncoding !== 'identity';
    const found = scan(body);
    const named = found.flatMap((entry) => entry.request.fileIds);
    const foreign = await findForeignFiles(exchange.caller, named);
    const scanned = { entries: found, bodyBytes: body.length, foreign };
    // The id the client is told is that of the first entry, so that looking it up finds something.
    const { caller } = boundCaller(deps.spending, exchange.snapshot, {
      ...exchange,
      sessionId: null,
      at: exchange.startedAt,
    });
    const judged = await decideEntries({ ...exchange, caller }, scanned, (index) =>
      index === 0 ? exchange.id : newId('request'),
    );
    const decided = await refuseBeyondQueue(deps, judged, exchange.snapshot);
    const { entries, headers } = await reserveEntries(deps, exchange, {
      decided,
      scanned: { entries: scanned.entries, body },
    });
    for (const entry of entries) metrics.decided('batch_item', entry.decided.decision.effect);
    await refuseDenied(exchange, entries, headers);
    if (signal.aborted) releaseEntries(deps.spending.ledger, entries);
    signal.throwIfAborted();
    await recordEntries(deps, entries, exchange.id);
    if (signal.aborted) return closeUnused(exchange, entries, { outcome: 'client_left', status: null, upstream: null });

    const answer = await send(exchange, entries, { body, wasEncoded }).catch((thrown: unknown) => {
      closeUnused(exchange, entries, { outcome: 'failed', status: 502, upstream: null });
      throw thrown;
    });
    const { status, upstream } = answer;
    if (status >= 300) {
      closeUnused(exchange, entries, { outcome: 'failed', status, upstream: upstream.name });
      return sendAnswer(exchange, answer);
    }
    const batch = objectIn(answer);
    if (batch === undefined) {
      closeUnseen(exchange, entries, upstream.name);
      throw new Refusal('upstream_unreachable', 'The provider answered with something that is no batch.', {
        internal: { upstream: upstream.name, status },
      });
    }
    await register(exchange, answer, batch.id);
    const decision = entries.some(({ decided }) => decided.decision.effect === 'clamp') ? 'clamp' : 'allow';
    sendAnswer(exchange, answer, {
      reply: showBatch(deps, exchange, batch),
      headers: ['remit-decision', decision],
    });
  };
};
