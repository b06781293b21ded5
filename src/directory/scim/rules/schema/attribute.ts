/** An attribute's characteristics (RFC 7643 §2.2), spelled as `/Schemas` publishes them. */
export type Attribute = {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'dateTime' | 'reference' | 'complex';
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable';
  readonly returned: 'always' | 'default';
  readonly uniqueness: 'none' | 'server';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
};

export type Schema = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
};

type More = Partial<Omit<Attribute, 'name' | 'description'>>;

/** A string that may be written and compares without regard to case, unless `more` says otherwise. */
export const attribute = (name: string, description: string, more: More = {}): Attribute => ({
  name,
  type: 'string',
  multiValued: false,
  description,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});

/** An attribute with parts. */
export const complex = (name: string, description: string, parts: readonly Attribute[], more: More = {}): Attribute =>
  attribute(name, description, { type: 'complex', ...more, subAttributes: parts });

/** A list of elements, each with parts. */
export const list = (name: string, description: string, parts: readonly Attribute[], more: More = {}): Attribute =>
  complex(name, description, parts, { multiValued: true, ...more });

/** The parts that elements of most lists have: which kind it is, and whether it is the main one. */
export const typeAndPrimary = (types: readonly string[]): readonly Attribute[] => [
  attribute('type', 'What kind of value this is', types.length === 0 ? {} : { canonicalValues: types }),
  attribute('primary', 'Whether this is the main value; at most one is', { type: 'boolean' }),
];
