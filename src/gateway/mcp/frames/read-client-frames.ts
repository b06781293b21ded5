import { QUOTE } from '../../scan/bytes.ts';
import { type MemberTable, memberTable } from '../../scan/member-table.ts';
import { readString } from '../../scan/read-string.ts';
import { Flaw, openReader, type Reader, skipSpace, wrongType } from '../../scan/reader.ts';
import { isArray, isObject, passValue, walkArray, walkObject } from '../../scan/walk.ts';

/** One JSON-RPC message from a client (JSON-RPC 2.0 §4, §5), as far as the gateway acts on it. */
export type ClientFrame = {
  readonly kind: 'request' | 'notification' | 'response';
  /** The id as JSON, such as `7` or `"a"`; null for a notification. */
  readonly id: string | null;
  /** Null for a response. */
  readonly method: string | null;
  /** `params.name`: the tool of a `tools/call`, the prompt of a `prompts/get`. Null when it is no text. */
  readonly name: string | null;
  /** `params.uri`. */
  readonly uri: string | null;
  /** `params.notifications.toolsListChanged`: whether it asks to hear of changes of the list of tools. */
  readonly wantsToolChanges: boolean;
};

/** The messages of one body; `isBatch` when they came as an array (protocol version 2025-03-26). */
export type ClientFrames = { readonly isBatch: boolean; readonly frames: readonly ClientFrame[] };

type Draft = { -readonly [K in keyof Omit<ClientFrame, 'kind'>]: ClientFrame[K] } & {
  version: string | null;
  hasId: boolean;
  hasAnswer: boolean;
};

const FRAMES_MAX = 100;

const textOrNull = (reader: Reader): string | null => {
  if (reader.bytes[reader.at] === QUOTE) return readString(reader);
  passValue(reader);
  return null;
};

const readText = (reader: Reader, path: string): string => {
  if (reader.bytes[reader.at] !== QUOTE) throw wrongType(path, 'a string', reader.at);
  return readString(reader);
};

/** An id as JSON in one spelling, so that `"a"` and `"\u0061"` are the same; numbers keep theirs. */
export const readId = (reader: Reader, path: string): string => {
  if (reader.bytes[reader.at] === QUOTE) return JSON.stringify(readString(reader));
  const start = reader.at;
  passValue(reader);
  const text = reader.bytes.toString('latin1', start, reader.at);
  // MCP: the id of a request must be a string or a number, and not null.
  if (!/^-?\d/.test(text)) throw wrongType(path, 'a string or a number', start);
  return text;
};

/** A client that names more than this listens to the server alone. */
const NOTIFICATIONS_BYTES_MAX = 64 * 1024;

// Nothing is decided by it, so that it may be parsed, and what cannot be is left to the server.
const asksForToolChanges = (json: Buffer): boolean => {
  if (json.length > NOTIFICATIONS_BYTES_MAX) return false;
  try {
    const said: unknown = JSON.parse(json.toString());
    return typeof said === 'object' && said !== null && 'toolsListChanged' in said && said.toolsListChanged === true;
  } catch {
    return false;
  }
};

const PARAMS: MemberTable<Draft> = memberTable<Draft>('params.', {
  name: (reader, draft) => {
    draft.name = textOrNull(reader);
  },
  uri: (reader, draft) => {
    draft.uri = textOrNull(reader);
  },
  notifications: (reader, draft) => {
    const start = reader.at;
    passValue(reader);
    draft.wantsToolChanges = asksForToolChanges(reader.bytes.subarray(start, reader.at));
  },
});

const readAnswer = (reader: Reader, draft: Draft): void => {
  draft.hasAnswer = true;
  passValue(reader);
};

const MESSAGE: MemberTable<Draft> = memberTable<Draft>('', {
  jsonrpc: (reader, draft, path) => {
    draft.version = readText(reader, path);
  },
  id: (reader, draft, path) => {
    draft.hasId = true;
    draft.id = readId(reader, path);
  },
  method: (reader, draft, path) => {
    draft.method = readText(reader, path);
  },
  params: (reader, draft) => {
    if (isObject(reader)) walkObject(reader, PARAMS, draft);
    else passValue(reader);
  },
  result: readAnswer,
  error: readAnswer,
});

const kindOf = ({ method, hasId, hasAnswer }: Draft, at: number): ClientFrame['kind'] => {
  if (method !== null && !hasAnswer) return hasId ? 'request' : 'notification';
  if (method === null && hasAnswer && hasId) return 'response';
  throw new Flaw('A message must be a request, a notification or a response of JSON-RPC 2.0', at);
};

const readFrame = (reader: Reader): ClientFrame => {
  const start = reader.at;
  if (!isObject(reader)) throw wrongType('A message', 'an object', start);
  const draft: Draft = {
    ...{ id: null, method: null, name: null, uri: null, version: null },
    ...{ wantsToolChanges: false, hasId: false, hasAnswer: false },
  };
  walkObject(reader, MESSAGE, draft);
  if (draft.version !== '2.0') throw wrongType('jsonrpc', '"2.0"', start);
  const { id, method, name, uri, wantsToolChanges } = draft;
  return { kind: kindOf(draft, start), id, method, name, uri, wantsToolChanges };
};

const refuseRepeatedIds = (frames: readonly ClientFrame[], at: number): void => {
  const ids = frames.flatMap(({ kind, id }) => (kind === 'request' && id !== null ? [id] : []));
  if (new Set(ids).size < ids.length) throw new Flaw('Two requests of one batch have the same id', at);
};

const readBatch = (reader: Reader): readonly ClientFrame[] => {
  const frames: ClientFrame[] = [];
  walkArray(reader, 'The batch', () => {
    if (frames.length === FRAMES_MAX) throw new Flaw(`A batch may hold ${FRAMES_MAX} messages`, reader.at);
    frames.push(readFrame(reader));
  });
  if (frames.length === 0) throw new Flaw('An empty batch asks for nothing', 0);
  refuseRepeatedIds(frames, 0);
  return frames;
};

/**
 * Reads the messages of a body once, front to back, without building what they hold. Members the gateway acts on that
 * stand twice or in other letter case are refused, because parsers do not agree on which one counts. Answers the
 * sentence why where the body is not sound.
 */
export const readClientFrames = (body: Buffer): ClientFrames | { readonly problem: string } => {
  const reader = openReader(body);
  try {
    reader.at = skipSpace(reader, 0);
    const isBatch = isArray(reader);
    const frames = isBatch ? readBatch(reader) : [readFrame(reader)];
    const end = skipSpace(reader, reader.at);
    if (end < body.length) throw new Flaw('Something follows after the message', end);
    return { isBatch, frames };
  } catch (thrown) {
    if (thrown instanceof Flaw) return { problem: thrown.message };
    throw thrown;
  }
};
