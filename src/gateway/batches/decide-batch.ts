import { setImmediate as nextTurn } from 'node:timers/promises';
import { decide } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { DecidedRequest } from '../decided-request.ts';
import { clientOf } from '../describe-client.ts';
import { fenceFiles } from '../files/fence-files.ts';
import { denial } from '../messages/denial.ts';
import { editsOf } from '../messages/edits-of.ts';
import { wantedOf } from '../messages/wanted.ts';
import type { Exchange } from '../objects/exchange.ts';
import { type RequestHead, readRequestHead } from '../request-head.ts';
import type { BatchEntry, Edit } from '../scan/index.ts';

/** One entry of a batch with what was decided about it; `edits` are of the whole body. */
export type DecidedEntry = {
  readonly customId: string;
  readonly decided: DecidedRequest;
  readonly edits: readonly Edit[];
};

/** How many entries are worked on before other requests get their turn. */
export const ENTRIES_AT_ONCE = 500;

/** A batch as it was read; `foreign` are the files of others among those that its entries name. */
export type Scanned = {
  readonly entries: readonly BatchEntry[];
  readonly bodyBytes: number;
  readonly foreign: ReadonlySet<string>;
};

/** Decides every entry by the evaluator of single requests. `newId` names the request that the entry at an index is. */
export const decideEntries = async (
  exchange: Exchange,
  { entries, bodyBytes, foreign }: Scanned,
  newId: (index: number) => string,
): Promise<readonly DecidedEntry[]> => {
  const decided: DecidedEntry[] = [];
  const head = readRequestHead(exchange.request.rawHeaders);
  for (const [index, entry] of entries.entries()) {
    if (index % ENTRIES_AT_ONCE === 0) await nextTurn();
    const end = entries[index + 1]?.request.objectStart ?? bodyBytes;
    decided.push(
      decideEntry(exchange, { entry, head, index, foreign, bytes: end - entry.request.objectStart }, newId(index)),
    );
  }
  return decided;
};

type Placed = {
  readonly entry: BatchEntry;
  readonly head: RequestHead;
  readonly index: number;
  readonly foreign: ReadonlySet<string>;
  readonly bytes: number;
};

const decideEntry = (exchange: Exchange, { entry, head, index, foreign, bytes }: Placed, id: string): DecidedEntry => {
  const { caller, snapshot, startedAt } = exchange;
  const { index: models, organisation, version: policyVersion } = snapshot;
  const wanted = wantedOf(entry.request, head.product);
  const { entitlements } = caller;
  const judged = decide({ entitlements, index: models, organisation, wanted, policyVersion });
  const decision = fenceFiles(judged, entry.request.fileIds, foreign);
  return {
    customId: entry.customId ?? `requests[${index}]`,
    edits: decision.effect === 'deny' ? [] : editsOf(entry.request, decision.changes),
    decided: {
      id,
      startedAt,
      endpoint: 'batch_item',
      caller,
      client: clientOf(head, entry.request.metadataUserId),
      stream: false,
      bodyBytes: bytes,
      decision,
      wanted,
    },
  };
};

const NAMED_MAX = 10;

/** The refusal of a batch for its refused entries: it names them and says of the first one why. */
export const batchDenial = (denied: readonly DecidedEntry[]): Refusal | undefined => {
  const [first] = denied;
  if (first === undefined) return undefined;
  const { code, message, details } = denial(first.decided);
  const named = denied.slice(0, NAMED_MAX).map(({ customId }) => customId);
  const rest = denied.length - named.length;
  const which = `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return new Refusal(
    code,
    `Nothing of this batch was sent, because ${denied.length === 1 ? 'an entry is' : `${denied.length} entries are`} not permitted (custom_id ${which}). Of ${first.customId}: ${message}`,
    { details: { error_code: 'denied', ...details, custom_ids: named } },
  );
};
