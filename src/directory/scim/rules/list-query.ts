import type { Filter } from './filter/bind-filter.ts';
import { bindFilter } from './filter/bind-filter.ts';
import { parseFilter } from './filter/parse-filter.ts';
import { type Paging, readPaging } from './paging.ts';
import type { WantedAttributes } from './projection.ts';
import { fieldOf } from './read-body.ts';
import type { ResourceType } from './schema/resource-type.ts';
import { badRequest } from './scim-error.ts';
import { isJsonList, type Json, type JsonObject } from './value.ts';

/** What a list asks for, from the address of a GET or the body of a POST to `/.search`; nothing is looked up yet. */
export type ListQuery = WantedAttributes & {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
  readonly paging: Paging;
};

type Ask = (name: string) => string | undefined;

const build = (ask: Ask, attributes: (name: string) => readonly string[]): ListQuery => ({
  filter: ask('filter')?.trim() || undefined,
  sortBy: ask('sortBy')?.trim() || undefined,
  sortOrder: ask('sortOrder'),
  paging: readPaging({ startIndex: ask('startIndex'), count: ask('count'), cursor: ask('cursor') }),
  attributes: attributes('attributes'),
  excludedAttributes: attributes('excludedAttributes'),
});

const namesIn = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').filter((name) => name.trim() !== '');

/** A parameter of the address, whose name compares without regard to case; others than those asked for are passed over. */
export const parameterOf =
  (search: URLSearchParams): Ask =>
  (name) =>
    [...search].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/** The attributes an address asks for. */
export const wantedAttributesOf = (search: URLSearchParams): WantedAttributes => ({
  attributes: namesIn(parameterOf(search)('attributes')),
  excludedAttributes: namesIn(parameterOf(search)('excludedAttributes')),
});

/** Reads a list's query from an address (RFC 7644 §3.4.2). */
export const listQueryOf = (search: URLSearchParams): ListQuery => {
  const ask = parameterOf(search);
  return build(ask, (name) => namesIn(ask(name)));
};

/** Reads a list's query from the body of a search (RFC 7644 §3.4.3); attributes are a list, or a text with commas. */
export const searchQueryOf = (body: JsonObject): ListQuery => {
  const ask: Ask = (name) => {
    const value = fieldOf(body, name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') throw badRequest('invalidValue', `${name} has to be a text or a number.`);
    return String(value);
  };
  return build(ask, (name) => listIn(fieldOf(body, name)));
};

const listIn = (value: Json | undefined): readonly string[] => {
  if (value === undefined || value === null) return [];
  return isJsonList(value) ? value.flatMap((one) => namesIn(String(one))) : namesIn(String(value));
};

/** A list's filter; undefined for none. */
export const filterOf = (type: ResourceType, { filter }: Pick<ListQuery, 'filter'>): Filter | undefined =>
  filter === undefined ? undefined : bindFilter(type, parseFilter(filter));
