import type { Attribute } from './schema/attribute.ts';
import { findNamed, type Named, type ResourceType, type TopAttribute } from './schema/resource-type.ts';

/** Which attributes an answer shows (RFC 7644 §3.9). */
export type Projection = {
  /** Whether the attribute, or any part of it, is shown. */
  shows(top: TopAttribute): boolean;
  /** Whether the part of a shown attribute is shown. */
  showsPart(top: TopAttribute, part: Attribute): boolean;
};

/** What a request asks for: names in `attributes` are all it wants, those in `excludedAttributes` it does not want. */
export type WantedAttributes = {
  readonly attributes: readonly string[];
  readonly excludedAttributes: readonly string[];
};

/** Shows everything. */
export const EVERYTHING: WantedAttributes = { attributes: [], excludedAttributes: [] };

/** Names the schema does not have ask for nothing; what is always returned cannot be left out. */
export const projectionOf = (type: ResourceType, wanted: WantedAttributes): Projection => {
  const named = (names: readonly string[]) => names.flatMap((name) => findNamed(type, name.trim()) ?? []);
  const only = named(wanted.attributes);
  const not = named(wanted.excludedAttributes);
  const isRestricted = wanted.attributes.some((name) => name.trim() !== '');
  return {
    shows: (top) =>
      top.attribute.returned === 'always' ||
      ((!isRestricted || only.some((one) => concerns(one, top))) && !not.some((one) => isWhole(one, top))),
    showsPart: (top, part) =>
      (!isRestricted || only.some((one) => isWhole(one, top) || isPart(one, top, part))) &&
      !not.some((one) => isPart(one, top, part)),
  };
};

const concerns = (named: Named, top: TopAttribute): boolean =>
  named.kind === 'extension' ? named.urn === top.extension : named.top === top;

const isWhole = (named: Named, top: TopAttribute): boolean =>
  concerns(named, top) && (named.kind === 'extension' || named.part === undefined);

const isPart = (named: Named, top: TopAttribute, part: Attribute): boolean =>
  named.kind === 'attribute' && named.top === top && named.part === part;
