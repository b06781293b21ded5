import { isJsonList, isObject, type Json } from './value.ts';

const SECRET = /password|secret|token|credential/i;

/** Lists whose values say more of a person than it takes to find a mistake in provisioning. */
const PERSONAL: ReadonlySet<string> = new Set(['phonenumbers', 'addresses']);

const CHARS_MAX = 8000;
const ITEMS_MAX = 50;

/**
 * A body as it is kept for administrators: without secrets, telephone numbers and addresses, and shortened. A text that
 * is no JSON is not kept, because nobody knows what it holds.
 */
export const redact = (text: string): string => {
  if (text === '') return '';
  const json = parse(text);
  if (json === undefined) return `(${text.length} characters that are not JSON)`;
  const kept = JSON.stringify(clean(json));
  return kept.length <= CHARS_MAX ? kept : `${kept.slice(0, CHARS_MAX)}…`;
};

const parse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const clean = (json: Json, depth = 0): Json => {
  if (depth > 12) return '…';
  if (isJsonList(json)) {
    const kept = json.slice(0, ITEMS_MAX).map((one) => clean(one, depth + 1));
    return json.length > ITEMS_MAX ? [...kept, `… ${json.length - ITEMS_MAX} more`] : kept;
  }
  if (!isObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, isHidden(key, json) ? '***' : clean(value, depth + 1)]),
  );
};

/** By the attribute's name, or as the value of a PATCH operation whose path names such an attribute. */
const isHidden = (key: string, { path }: { readonly [name: string]: Json }): boolean => {
  if (key.toLowerCase() === 'value' && typeof path === 'string') return isHiddenName(path);
  return isHiddenName(key);
};

const isHiddenName = (name: string): boolean => {
  const last = name.slice(name.lastIndexOf(':') + 1);
  return SECRET.test(last) || PERSONAL.has((last.split(/[.[]/)[0] ?? '').toLowerCase());
};
