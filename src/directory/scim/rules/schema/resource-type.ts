import { type Attribute, attribute, complex, type Schema } from './attribute.ts';
import { groupSchema } from './group-schema.ts';
import { enterpriseSchema, userSchema } from './user-schema.ts';

/** An attribute that stands directly in a resource or in its extension. */
export type TopAttribute = {
  /** Its place in a resource: the name, in an extension behind the extension's URN and a colon. */
  readonly key: string;
  /** The extension it belongs to; undefined for the core. */
  readonly extension: string | undefined;
  readonly attribute: Attribute;
  readonly parts: ReadonlyMap<string, Attribute>;
};

export type ResourceType = {
  readonly name: 'User' | 'Group';
  readonly endpoint: '/Users' | '/Groups';
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
  /** Every top attribute by its key in small letters. */
  readonly byName: ReadonlyMap<string, TopAttribute>;
  readonly attributes: readonly TopAttribute[];
};

/** What an attribute name means: an attribute, a part of one, or everything in an extension. */
export type Named =
  | { readonly kind: 'attribute'; readonly top: TopAttribute; readonly part: Attribute | undefined }
  | { readonly kind: 'extension'; readonly urn: string };

/** Attributes every resource has (RFC 7643 §3.1). */
const COMMON: readonly Attribute[] = [
  attribute('id', 'The id given here', {
    mutability: 'readOnly',
    returned: 'always',
    caseExact: true,
    uniqueness: 'server',
  }),
  attribute('externalId', 'The id given by the identity provider', { caseExact: true }),
  attribute('schemas', 'The schemas of the resource', {
    type: 'reference',
    multiValued: true,
    caseExact: true,
    returned: 'always',
    mutability: 'readOnly',
  }),
  complex(
    'meta',
    'What is known about the resource itself',
    [
      attribute('resourceType', 'User or Group', { mutability: 'readOnly', caseExact: true }),
      attribute('created', 'When it was created', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it last changed', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Its address', { type: 'reference', mutability: 'readOnly', caseExact: true }),
      attribute('version', 'Its version, as in the ETag header', { mutability: 'readOnly', caseExact: true }),
    ],
    { mutability: 'readOnly' },
  ),
];

const topOf = (one: Attribute, extension?: string): TopAttribute => ({
  key: extension === undefined ? one.name : `${extension}:${one.name}`,
  extension,
  attribute: one,
  parts: new Map((one.subAttributes ?? []).map((part) => [part.name.toLowerCase(), part])),
});

const resourceType = (type: Omit<ResourceType, 'byName' | 'attributes'>): ResourceType => {
  const attributes = [
    ...[...COMMON, ...type.schema.attributes].map((one) => topOf(one)),
    ...type.extensions.flatMap(({ id, attributes: own }) => own.map((one) => topOf(one, id))),
  ];
  return { ...type, attributes, byName: new Map(attributes.map((top) => [top.key.toLowerCase(), top])) };
};

/** People. */
export const USER = resourceType({
  name: 'User',
  endpoint: '/Users',
  description: 'A person of the organisation',
  schema: userSchema,
  extensions: [enterpriseSchema],
});

/** Groups of people. */
export const GROUP = resourceType({
  name: 'Group',
  endpoint: '/Groups',
  description: 'A group of people',
  schema: groupSchema,
  extensions: [],
});

export const RESOURCE_TYPES: readonly ResourceType[] = [USER, GROUP];

/**
 * Finds what `userName`, `name.givenName`, `urn:…:User:userName` or `urn:…:User:manager.value` means, in any case
 * (RFC 7643 §2.1); undefined when the schema has no such attribute.
 */
export const findNamed = (type: ResourceType, name: string): Named | undefined => {
  const wanted = name.toLowerCase();
  const extension = type.extensions.find(({ id }) => id.toLowerCase() === wanted);
  if (extension !== undefined) return { kind: 'extension', urn: extension.id };
  const core = `${type.schema.id.toLowerCase()}:`;
  const local = wanted.startsWith(core) ? wanted.slice(core.length) : wanted;
  const whole = type.byName.get(local);
  if (whole !== undefined) return { kind: 'attribute', top: whole, part: undefined };
  // The dot that separates a part is the last one: `2.0` of a URN has one too.
  const dot = local.lastIndexOf('.');
  const top = dot === -1 ? undefined : type.byName.get(local.slice(0, dot));
  const part = top?.parts.get(local.slice(dot + 1));
  return top === undefined || part === undefined ? undefined : { kind: 'attribute', top, part };
};
