import { CLOSE_BRACE, COMMA, QUOTE, ZERO } from './bytes.ts';
import { memberTable } from './member-table.ts';
import { readString } from './read-string.ts';
import type { Reader } from './reader.ts';
import { isObject, passValue, walkObject } from './walk.ts';

/** What of a `usage` is read, as a parser would answer it: undefined for what is not there. */
type WireUsage = {
  input_tokens: unknown;
  output_tokens: unknown;
  cache_creation_input_tokens: unknown;
  cache_read_input_tokens: unknown;
  cache_creation: unknown;
  output_tokens_details: unknown;
  server_tool_use: unknown;
  service_tier: unknown;
  inference_geo: unknown;
  speed: unknown;
  iterations: unknown;
};

type WireSplit = { ephemeral_5m_input_tokens: unknown; ephemeral_1h_input_tokens: unknown };

/** Parses the value at the reader. */
export const parseValue = (reader: Reader): unknown => {
  const start = reader.at;
  passValue(reader);
  return JSON.parse(reader.bytes.toString('utf8', start, reader.at));
};

/** So many digits are a number that a double holds exactly. */
const DIGITS_MAX = 15;

/** Reads a value that mostly is a few digits. */
const readNumber = (reader: Reader): unknown => {
  const { bytes, at: start } = reader;
  let value = 0;
  let at = start;
  for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - ZERO) {
    value = value * 10 + digit;
    at++;
  }
  const isWhole = bytes[at] === COMMA || bytes[at] === CLOSE_BRACE;
  const isPlain = at === start + 1 || (at > start && at <= start + DIGITS_MAX && bytes[start] !== ZERO);
  if (!isWhole || !isPlain) return parseValue(reader);
  reader.at = at;
  return value;
};

const readText = (reader: Reader): unknown =>
  reader.bytes[reader.at] === QUOTE ? readString(reader) : parseValue(reader);

const SPLIT = memberTable<WireSplit>('usage.cache_creation.', {
  ephemeral_5m_input_tokens: (reader, draft) => {
    draft.ephemeral_5m_input_tokens = readNumber(reader);
  },
  ephemeral_1h_input_tokens: (reader, draft) => {
    draft.ephemeral_1h_input_tokens = readNumber(reader);
  },
});

const readSplit = (reader: Reader): unknown => {
  if (!isObject(reader)) return parseValue(reader);
  const split = { ephemeral_5m_input_tokens: undefined, ephemeral_1h_input_tokens: undefined };
  walkObject(reader, SPLIT, split);
  return split;
};

const USAGE = memberTable<WireUsage>('usage.', {
  input_tokens: (reader, draft) => {
    draft.input_tokens = readNumber(reader);
  },
  output_tokens: (reader, draft) => {
    draft.output_tokens = readNumber(reader);
  },
  cache_creation_input_tokens: (reader, draft) => {
    draft.cache_creation_input_tokens = readNumber(reader);
  },
  cache_read_input_tokens: (reader, draft) => {
    draft.cache_read_input_tokens = readNumber(reader);
  },
  cache_creation: (reader, draft) => {
    draft.cache_creation = readSplit(reader);
  },
  output_tokens_details: (reader, draft) => {
    draft.output_tokens_details = parseValue(reader);
  },
  server_tool_use: (reader, draft) => {
    draft.server_tool_use = parseValue(reader);
  },
  service_tier: (reader, draft) => {
    draft.service_tier = readText(reader);
  },
  inference_geo: (reader, draft) => {
    draft.inference_geo = readText(reader);
  },
  speed: (reader, draft) => {
    draft.speed = readText(reader);
  },
  iterations: (reader, draft) => {
    draft.iterations = parseValue(reader);
  },
});

const nothingUsed = (): WireUsage => ({
  input_tokens: undefined,
  output_tokens: undefined,
  cache_creation_input_tokens: undefined,
  cache_read_input_tokens: undefined,
  cache_creation: undefined,
  output_tokens_details: undefined,
  server_tool_use: undefined,
  service_tier: undefined,
  inference_geo: undefined,
  speed: undefined,
  iterations: undefined,
});

/**
 * Reads a `usage` as a parser would, as far as metering asks for it. A parser is as quick when it has just been used; here
 * it would be used for nothing else, and be cold each time.
 */
export const readUsage = (reader: Reader): unknown => {
  if (!isObject(reader)) return parseValue(reader);
  const usage = nothingUsed();
  walkObject(reader, USAGE, usage);
  return usage;
};
