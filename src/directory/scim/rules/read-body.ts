import { badRequest } from './scim-error.ts';
import { isJsonList, isObject, type Json, type JsonObject } from './value.ts';

const DEPTH_MAX = 32;

/** Names that mean something to every JavaScript object; no attribute has one, and no client has a use for them. */
const UNSAFE: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** Whether a name, or the beginning of a dotted one, is inherited by every object. */
export const isUnsafeName = (name: string): boolean => name.split(/[.:[]/).some((piece) => UNSAFE.has(piece.trim()));

/**
 * Parses a request's body: a JSON object, at most {@link DEPTH_MAX} levels deep, without names such as `__proto__`.
 * Everything else is `invalidSyntax`.
 */
export const readBody = (text: string): JsonObject => {
  const json = parseJson(text);
  if (!isObject(json)) throw badRequest('invalidSyntax', 'The body has to be a JSON object.');
  let level: readonly Json[] = [json];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) throw badRequest('invalidSyntax', `The body is nested more than ${DEPTH_MAX} levels deep.`);
    level = level.flatMap(childrenOf);
  }
  return json;
};

const parseJson = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badRequest('invalidSyntax', 'The body is not valid JSON.');
  }
};

const childrenOf = (json: Json): readonly Json[] => {
  if (typeof json !== 'object' || json === null) return [];
  if (isJsonList(json)) return json;
  const unsafe = Object.keys(json).find(isUnsafeName);
  if (unsafe !== undefined) throw badRequest('invalidSyntax', `No attribute can have the name "${unsafe}".`);
  return Object.values(json);
};

/** The value of a top-level field, whose name compares without regard to case (RFC 7643 §2.1). */
export const fieldOf = (body: JsonObject, name: string): Json | undefined => {
  const key = Object.keys(body).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : body[key];
};
