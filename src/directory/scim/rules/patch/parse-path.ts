import { bindWithin, type Filter } from '../filter/bind-filter.ts';
import { createReader, readBrackets } from '../filter/parse-filter.ts';
import type { Attribute } from '../schema/attribute.ts';
import { findNamed, type ResourceType, type TopAttribute } from '../schema/resource-type.ts';
import { badRequest, type ScimError } from '../scim-error.ts';

/** Where an operation acts: an attribute, those elements of a list that `filter` holds for, a part of either. */
export type Target = {
  readonly top: TopAttribute;
  readonly filter?: Filter | undefined;
  readonly part?: Attribute | undefined;
};

/** What a path names: a target, or everything in an extension. */
export type Path =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'extension'; readonly urn: string };

/** The refusal of a path that names nothing. */
export const invalidPath = (path: string): ScimError =>
  badRequest('invalidPath', `The path "${path.slice(0, 200)}" names nothing that can be changed here.`);

/**
 * Parses a PATCH path (RFC 7644 §3.5.2): `attribute`, `attribute.part`, `attribute[filter]`, `attribute[filter].part`,
 * each with or without its schema's URN. `invalidPath` for what the schema does not have, `invalidFilter` for what
 * cannot be read within the brackets.
 */
export const parsePath = (type: ResourceType, text: string): Path => {
  const path = text.trim();
  const bracket = path.indexOf('[');
  if (bracket !== -1) return { kind: 'target', target: parseFiltered(type, path, bracket) };
  const named = findNamed(type, path);
  if (named === undefined) throw invalidPath(path);
  if (named.kind === 'extension') return named;
  return { kind: 'target', target: { top: named.top, part: named.part } };
};

const parseFiltered = (type: ResourceType, path: string, bracket: number): Target => {
  const named = findNamed(type, path.slice(0, bracket).trim());
  if (named?.kind !== 'attribute' || named.part !== undefined || !named.top.attribute.multiValued)
    throw invalidPath(path);
  const reader = createReader(path.slice(bracket));
  const filter = bindWithin(named.top, readBrackets(reader));
  const rest = reader.next();
  if (rest.kind === 'end') return { top: named.top, filter };
  const name = rest.kind === 'word' && rest.text.startsWith('.') ? rest.text.slice(1) : '';
  const part = named.top.parts.get(name.toLowerCase());
  if (part === undefined || reader.peek().kind !== 'end') throw invalidPath(path);
  return { top: named.top, filter, part };
};
