import { QUOTE } from '../../scan/bytes.ts';
import { type MemberTable, memberTable } from '../../scan/member-table.ts';
import { readString } from '../../scan/read-string.ts';
import { Flaw, openReader, type Reader, skipSpace } from '../../scan/reader.ts';
import { isArray, isObject, passValue, walkArray, walkObject } from '../../scan/walk.ts';
import { readId } from './read-client-frames.ts';

/** A tool in a list, where it stands and what it is called; null for an entry without a name. */
export type ListedTool = { readonly start: number; readonly end: number; readonly name: string | null };

/** One JSON-RPC message from a server, as far as the gateway acts on it. */
export type ServerFrame = {
  /** The id of the request it answers, as JSON; null for what is no answer. */
  readonly answers: string | null;
  /** Whether it is an error, or the result of a tool that failed (`isError`). */
  readonly failure: 'error' | 'tool' | null;
  /** The tools its result lists, with the place of the list's brackets; null when it lists none. */
  readonly list: { readonly start: number; readonly end: number; readonly tools: readonly ListedTool[] } | null;
};

type Draft = {
  id: string | null;
  isCall: boolean;
  failure: ServerFrame['failure'];
  list: ServerFrame['list'];
};

type ToolDraft = { name: string | null };

const TOOL: MemberTable<ToolDraft> = memberTable<ToolDraft>('tools[].', {
  name: (reader, draft) => {
    if (reader.bytes[reader.at] === QUOTE) draft.name = readString(reader);
    else passValue(reader);
  },
});

const readTool = (reader: Reader): ListedTool => {
  const start = reader.at;
  const draft: ToolDraft = { name: null };
  if (isObject(reader)) walkObject(reader, TOOL, draft);
  else passValue(reader);
  return { start, end: reader.at, name: draft.name };
};

const TRUE = Buffer.from('true');

const RESULT: MemberTable<Draft> = memberTable<Draft>('result.', {
  tools: (reader, draft, path) => {
    if (!isArray(reader)) return passValue(reader);
    const start = reader.at;
    const tools: ListedTool[] = [];
    walkArray(reader, path, () => tools.push(readTool(reader)));
    draft.list = { start, end: reader.at, tools };
  },
  // In this spelling only: nobody reads it in another.
  isError: (reader, draft) => {
    const start = reader.at;
    passValue(reader);
    if (reader.bytes.subarray(start, reader.at).equals(TRUE)) draft.failure = 'tool';
  },
});

const MESSAGE: MemberTable<Draft> = memberTable<Draft>('', {
  id: (reader, draft, path) => {
    // An error that answers nothing in particular has a null id (JSON-RPC 2.0 §5).
    if (reader.bytes[reader.at] === 0x6e) passValue(reader);
    else draft.id = readId(reader, path);
  },
  method: (reader, draft) => {
    draft.isCall = true;
    passValue(reader);
  },
  result: (reader, draft) => {
    if (isObject(reader)) walkObject(reader, RESULT, draft);
    else passValue(reader);
  },
  error: (reader, draft) => {
    draft.failure = 'error';
    passValue(reader);
  },
});

const readFrame = (reader: Reader): ServerFrame => {
  if (!isObject(reader)) throw new Flaw('A message must be an object', reader.at);
  const draft: Draft = { id: null, isCall: false, failure: null, list: null };
  walkObject(reader, MESSAGE, draft);
  const { id, isCall, failure, list } = draft;
  return { answers: isCall ? null : id, failure, list };
};

/** Reads a server's message, or the messages of a batch. Answers the sentence why where they are not sound. */
export const readServerFrames = (bytes: Buffer): readonly ServerFrame[] | { readonly problem: string } => {
  const reader = openReader(bytes);
  const frames: ServerFrame[] = [];
  try {
    reader.at = skipSpace(reader, 0);
    if (isArray(reader)) walkArray(reader, 'The batch', () => frames.push(readFrame(reader)));
    else frames.push(readFrame(reader));
    const end = skipSpace(reader, reader.at);
    if (end < bytes.length) throw new Flaw('Something follows after the message', end);
    return frames;
  } catch (thrown) {
    if (thrown instanceof Flaw) return { problem: thrown.message };
    throw thrown;
  }
};
