import { QUOTE } from './bytes.ts';
import { memberTable } from './member-table.ts';
import { readString } from './read-string.ts';
import { readUsage } from './read-usage.ts';
import { Flaw, openReader, type Reader, skipSpace } from './reader.ts';
import { isObject, passValue, walkObject } from './walk.ts';

/** What metering needs of a whole Messages answer, as a parser would answer it; null for a text that is missing or none. */
export type ScannedAnswer = {
  readonly model: string | null;
  readonly stop_reason: string | null;
  readonly usage: unknown;
};

type AnswerDraft = { -readonly [Key in keyof ScannedAnswer]: ScannedAnswer[Key] };

const readText = (reader: Reader): string | null => {
  if (reader.bytes[reader.at] === QUOTE) return readString(reader);
  passValue(reader);
  return null;
};

const ANSWER = memberTable<AnswerDraft>('', {
  model: (reader, draft) => {
    draft.model = readText(reader);
  },
  stop_reason: (reader, draft) => {
    draft.stop_reason = readText(reader);
  },
  usage: (reader, draft) => {
    draft.usage = readUsage(reader);
  },
});

const readAnswer = (body: readonly Buffer[]): ScannedAnswer | undefined => {
  const reader = openReader(body);
  reader.at = skipSpace(reader, 0);
  if (!isObject(reader)) return undefined;
  const draft: AnswerDraft = { model: null, stop_reason: null, usage: undefined };
  walkObject(reader, ANSWER, draft);
  return skipSpace(reader, reader.at) === reader.bytes.length && draft.usage !== undefined ? draft : undefined;
};

/**
 * Reads a Messages answer in one pass over its bytes. Undefined for anything but an
 * object that has a `usage` and leaves a parser no choice: whether such an answer can be read at all, and what of it
 * counts, is for `JSON.parse` to say. Never throws; keeps no reference to `body`.
 */
export const scanAnswer = (body: readonly Buffer[]): ScannedAnswer | undefined => {
  try {
    return readAnswer(body);
  } catch (error) {
    if (error instanceof Flaw) return undefined;
    throw error;
  }
};
