import { Refusal } from '../../kernel/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { objectIn, readWhole, type WholeAnswer } from '../objects/answer-client.ts';
import { objectStore } from '../objects/store.ts';
import type { UpstreamObject } from '../tables.ts';
import { upstreamNamed } from '../upstream/ask.ts';
import type { Ending } from '../usage-row.ts';
import { ENTRIES_AT_ONCE } from './decide-batch.ts';
import { endingOf, type Result, unseen } from './endings.ts';
import { entryStore, type UnchargedEntry } from './entry-store.ts';
import { readLines } from './read-lines.ts';

const DAY_MS = 86_400_000;

// A batch ends within 24 hours and its results are kept for 29 days (organisation APIs §6.6).
const GONE_AFTER_MS = 2 * DAY_MS;
const LOST_AFTER_MS = 30 * DAY_MS;

const HEADERS = ['anthropic-version', '2023-06-01', 'accept-encoding', 'identity'] as const;

type ChargeDeps = Pick<GatewayDeps, 'database' | 'recorder' | 'ask' | 'upstreams' | 'now'>;

/**
 * Charges the entries of a batch by its results, once it has ended: one usage row each, those there are already left as
 * they are. Answers whether nothing is left to charge. Entries whose results can no longer be read are charged an estimate.
 */
export const createChargeBatch = (deps: ChargeDeps, stopped: AbortSignal) => {
  const { database, recorder, now } = deps;
  const entries = entryStore(database);

  const get = (batch: UpstreamObject, path: string) =>
    deps.ask(upstreamNamed(deps.upstreams, batch.upstream), { method: 'GET', path, headers: HEADERS }, stopped);

  const refuseStatus = (batch: UpstreamObject, status: number): Refusal =>
    new Refusal('upstream_unreachable', `The provider answered ${status} when it was asked for a batch.`, {
      internal: { batch: batch.id, upstream: batch.upstream, status },
    });

  /** The batch as it stands; undefined when it will not be seen again. */
  const show = async (batch: UpstreamObject): Promise<WholeAnswer | undefined> => {
    const age = now() - batch.created_at;
    if (age > LOST_AFTER_MS) return undefined;
    const answer = await readWhole(await get(batch, `/v1/messages/batches/${batch.id}`), stopped);
    if (answer.status === 200) return answer;
    if (answer.status === 404 && age > GONE_AFTER_MS) return undefined;
    throw refuseStatus(batch, answer.status);
  };

  const chargeAll = async (
    some: readonly UnchargedEntry[],
    endingFor: (entry: UnchargedEntry) => Ending,
  ): Promise<void> => {
    await Promise.all(some.map((entry) => recorder.endedDurably(entry.request, endingFor(entry))));
  };

  const chargeUnseen = async ({ creation_id: creationId, upstream }: UpstreamObject): Promise<void> => {
    const endedAt = now();
    for (;;) {
      const some = await entries.listUncharged(creationId ?? '', ENTRIES_AT_ONCE);
      if (some.length === 0) return;
      await chargeAll(some, ({ request }) => unseen({ endedAt, upstream, totalMs: endedAt - request.startedAt }));
    }
  };

  const chargeResults = async (batch: UpstreamObject, ended: Ended): Promise<void> => {
    const { status, body } = await get(batch, `/v1/messages/batches/${batch.id}/results`);
    if (status !== 200) {
      body.on('error', () => undefined).destroy();
      throw refuseStatus(batch, status);
    }
    let lines = 0;
    let results = new Map<string, Result>();
    const charge = async (): Promise<void> => {
      const read = results;
      results = new Map();
      if (read.size === 0) return;
      const some = await entries.findUncharged(batch.creation_id ?? '', [...read.keys()]);
      await chargeAll(some, ({ customId, request: { startedAt } }) =>
        endingOf(read.get(customId) ?? { customId, type: 'errored', message: null }, {
          endedAt: ended.at,
          upstream: batch.upstream,
          totalMs: Math.max(0, ended.at - startedAt),
        }),
      );
    };
    for await (const line of readLines(body)) {
      lines += 1;
      const result = readResult(line);
      if (result !== undefined) results.set(result.customId, result);
      if (results.size >= ENTRIES_AT_ONCE) await charge();
    }
    await charge();
    if (lines < ended.count)
      throw new Error(`the results of batch ${batch.id} ended after ${lines} of ${ended.count} lines`);
  };

  return async (batch: UpstreamObject): Promise<boolean> => {
    const answer = await show(batch);
    if (answer !== undefined) {
      const shown = objectIn(answer);
      if (shown?.processing_status !== 'ended') return false;
      await objectStore(database).remember(batch.id, JSON.stringify(shown));
      await chargeResults(batch, endOf(shown, now()));
    }
    await chargeUnseen(batch);
    await entries.close(batch.id);
    return true;
  };
};

/** When a batch ended, and how many results it has. */
type Ended = { readonly at: number; readonly count: number };

const endOf = (shown: { readonly [field: string]: unknown }, now: number): Ended => {
  const at = typeof shown.ended_at === 'string' ? Date.parse(shown.ended_at) : Number.NaN;
  const counts = typeof shown.request_counts === 'object' ? Object.values(shown.request_counts ?? {}) : [];
  const count = counts.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
  return { at: Number.isNaN(at) ? now : at, count };
};

const readResult = (line: Buffer): Result | undefined => {
  try {
    const { custom_id: customId, result } = JSON.parse(line.toString('utf8'));
    if (typeof customId !== 'string' || typeof result?.type !== 'string') return undefined;
    return { customId, type: result.type, message: result.message };
  } catch {
    return undefined;
  }
};
