import { isUtf8 } from 'node:buffer';
import { memberTable } from './member-table.ts';
import { readRequest } from './read-request.ts';
import { readStringOrNull } from './read-value.ts';
import { Flaw, openReader, type Reader, skipSpace, wrongType } from './reader.ts';
import type { BatchEntry, ScannedRequest } from './scanned-request.ts';
import { isObject, walkObject, walkObjects } from './walk.ts';

/** A refusal to act on a body; `problem` is a sentence for the person who sent it. */
export type ScanProblem = { readonly ok: false; readonly problem: string };

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const requireText = (bytes: Buffer): void => {
  if (!isUtf8(bytes)) throw new Flaw('The request body is not valid UTF-8');
  if (bytes[0] === BYTE_ORDER_MARK[0] && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) {
    throw new Flaw('The request body must not begin with a byte order mark', 0);
  }
};

/** Lets `readRoot` read the one object that the body must be. */
const readBody = <Root>(body: Buffer | readonly Buffer[], readRoot: (reader: Reader) => Root): Root => {
  const reader = openReader(body);
  requireText(reader.bytes);
  reader.at = skipSpace(reader, 0);
  if (!isObject(reader)) throw new Flaw('The request body must be a JSON object', reader.at);
  const root = readRoot(reader);
  const end = skipSpace(reader, reader.at);
  if (end < reader.bytes.length) throw new Flaw('The request body goes on after its closing brace', end);
  return root;
};

const problemOf = (error: unknown): ScanProblem => {
  if (error instanceof Flaw) return { ok: false, problem: error.message };
  throw error;
};

/**
 * Reads what the gateway acts on from the body of `POST /v1/messages` (or `count_tokens`), in one pass over its bytes.
 *
 * `ok` means: the body is JSON by RFC 8259, in UTF-8, no deeper than 500 levels, and no member named in ScannedRequest
 * is given twice or in another spelling, so that every parser reads these members as they are answered here. Any other
 * body is refused with a sentence. Members that are not acted on, and unknown words in those that are, pass.
 * Never throws; keeps no reference to `body`.
 */
export const scanRequest = (
  body: Buffer | readonly Buffer[],
): { readonly ok: true; readonly request: ScannedRequest } | ScanProblem => {
  try {
    return { ok: true, request: readBody(body, readRequest) };
  } catch (error) {
    return problemOf(error);
  }
};

/** The most requests a batch may have (organisation APIs §6.6); more could fill the memory before anybody counts them. */
const BATCH_ENTRIES_MAX = 100_000;

type EntryDraft = { customId: string | null; request: ScannedRequest | null };

const BATCH_ENTRY = memberTable<EntryDraft>('requests[].', {
  custom_id: (reader, draft, path) => {
    draft.customId = readStringOrNull(reader, path);
  },
  params: (reader, draft, path) => {
    if (!isObject(reader)) throw wrongType(path, 'an object', reader.at);
    draft.request = readRequest(reader);
  },
});

const BATCH = memberTable<{ drafts: EntryDraft[] | null }>('', {
  requests: (reader, root, path) => {
    const drafts: EntryDraft[] = [];
    const draftFor = () => {
      const draft = { customId: null, request: null };
      if (drafts.length === BATCH_ENTRIES_MAX)
        throw new Flaw(`${path} has more than ${BATCH_ENTRIES_MAX} entries`, reader.at);
      drafts.push(draft);
      return draft;
    };
    walkObjects(reader, path, { table: BATCH_ENTRY, draftFor });
    root.drafts = drafts;
  },
});

const readBatch = (reader: Reader): BatchEntry[] => {
  const { at } = reader;
  const root: { drafts: EntryDraft[] | null } = { drafts: null };
  walkObject(reader, BATCH, root);
  if (root.drafts === null) throw new Flaw('requests is missing', at);
  return root.drafts.map(({ customId, request }, index) => {
    if (request === null) throw new Flaw(`requests[${index}].params is missing`, at);
    return { customId, request };
  });
};

/** Reads every request of a `POST /v1/messages/batches` body, by the rules of {@link scanRequest}; one flaw refuses the whole body. */
export const scanBatch = (
  body: Buffer,
): { readonly ok: true; readonly entries: readonly BatchEntry[] } | ScanProblem => {
  try {
    return { ok: true, entries: readBody(body, readBatch) };
  } catch (error) {
    return problemOf(error);
  }
};
