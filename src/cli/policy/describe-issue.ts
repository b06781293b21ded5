import type { z } from 'zod';
import { policySchema } from './file-format.ts';
import type { Path } from './rules/declared.ts';
import { didYouMean } from './rules/nearest.ts';

type Issue = z.core.$ZodIssue;

/** A mistake in a file, by the path that leads to it. */
export type Mistake = { readonly path: Path; readonly problem: string };

/** Keys that people expect in other places than where they stand. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  limits: 'Spend limits stand under organisation, groups, members, workspaces and keys.',
  spend_limits: 'Spend limits stand under “limits” of organisation, groups, members, workspaces and keys.',
  spend_limit: 'Spend limits stand under “limits” of organisation, groups, members, workspaces and keys.',
  rate_limits: 'Rate limits stand under “rates” of organisation, groups, members, workspaces and keys.',
};

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
};

/** The branches of a choice, whichever kind of choice it is. */
const branchesOf = ({ anyOf = [], oneOf = [] }: Schema): readonly Schema[] => [...anyOf, ...oneOf];

const below = (schema: Schema, key: string | number): readonly Schema[] => {
  const { properties, additionalProperties: others, items } = schema;
  const own =
    typeof key === 'number' ? items : (properties?.[key] ?? (typeof others === 'object' ? others : undefined));
  return [...(own === undefined ? [] : [own]), ...branchesOf(schema).flatMap((one) => below(one, key))];
};

/** The keys that the format knows at a place. */
const keysAt = (path: Path): readonly string[] => {
  let places: readonly Schema[] = [policySchema() as Schema];
  for (const key of path) places = places.flatMap((place) => below(place, key));
  const keys = (place: Schema): readonly string[] => [
    ...Object.keys(place.properties ?? {}),
    ...(place.propertyNames?.enum ?? []),
    ...branchesOf(place).flatMap(keys),
  ];
  return [...new Set(places.flatMap(keys))];
};

const unknownKey = (key: string, path: Path): string => {
  const elsewhere = ELSEWHERE[key];
  if (elsewhere !== undefined) return elsewhere;
  const known = keysAt(path);
  const near = didYouMean(key, known);
  const place = path.length === 0 ? 'at the top of a policy file' : 'here';
  return `“${key}” is no key that is known ${place}.${near === '' ? ` Known are: ${known.join(', ')}.` : near}`;
};

const KINDS: Readonly<Record<string, string>> = {
  object: 'keys with values, such as “name: value”',
  record: 'keys with values, such as “name: value”',
  array: 'a list',
  string: 'text',
  boolean: 'on or off',
  number: 'a number',
  int: 'a whole number',
};

const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : JSON.stringify(value));

const wrongWord = (value: unknown, words: readonly unknown[]): string => {
  const known = words.map(String);
  return `${shown(value)} is not one of ${known.join(', ')}.${typeof value === 'string' ? didYouMean(value, known) : ''}`;
};

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    root,
  );

/** What a choice takes beside words. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  number: ['a number'],
  int: ['a whole number'],
  record: ['or keys with values'],
};

/** The words that decide between the branches of a choice. */
const optionsOf = (issue: Issue): readonly unknown[] =>
  'options' in issue && Array.isArray(issue.options) ? issue.options : [];

/** All words that the branches of a choice would take. */
const wordsOf = (issue: Issue): readonly unknown[] => {
  if (issue.code === 'invalid_value') return issue.values;
  if (issue.code === 'invalid_type') return VALUES[issue.expected] ?? [];
  if (issue.code !== 'invalid_union') return [];
  return issue.discriminator === undefined ? issue.errors.flat().flatMap((one) => wordsOf(one)) : optionsOf(issue);
};

// The branch that got further than the first look is the one that was meant.
const fromUnion = (issue: Extract<Issue, { code: 'invalid_union' }>, path: Path, root: unknown): readonly Mistake[] => {
  const deeper = issue.errors.find((branch) => branch.length > 0 && branch.every((one) => one.path.length > 0));
  if (deeper !== undefined) return deeper.flatMap((one) => mistakesOf(one, root, path));
  const isMap = typeof valueAt(root, path) === 'object';
  const strict = issue.errors.find((branch) => isMap && branch.some(({ code }) => code === 'unrecognized_keys'));
  if (strict !== undefined) return strict.flatMap((one) => mistakesOf(one, root, path));
  return [{ path, problem: wrongWord(valueAt(root, path), wordsOf(issue)) }];
};

const outOfRange = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, value: unknown): string => {
  if (typeof value !== 'number') return `${issue.message}.`;
  const bound = issue.code === 'too_small' ? `the least is ${issue.minimum}` : `the most is ${issue.maximum}`;
  return `${shown(value)} is too ${issue.code === 'too_small' ? 'small' : 'big'}: ${bound}.`;
};

/** A refusal of the schema in words for whoever wrote the file; a list of keys becomes a mistake for each. */
export const mistakesOf = (issue: Issue, root: unknown, prefix: Path = []): readonly Mistake[] => {
  const path: Path = [...prefix, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const value = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], problem: unknownKey(key, path) }));
    case 'invalid_union':
      return fromUnion(issue, path, root);
    case 'invalid_value':
      return [{ path, problem: wrongWord(value, issue.values) }];
    case 'invalid_type':
      return [
        { path, problem: `This has to be ${KINDS[issue.expected] ?? issue.expected}, not ${shown(value ?? null)}.` },
      ];
    case 'invalid_format':
      return [
        {
          path,
          problem: `${shown(value)} is not ${issue.format === 'email' ? 'an e-mail address' : 'written as it has to be'}.`,
        },
      ];
    case 'invalid_key':
      return [
        { path, problem: `${shown(path.at(-1))} cannot stand here: ${issue.issues[0]?.message ?? issue.message}.` },
      ];
    case 'too_small':
    case 'too_big':
      return [{ path, problem: outOfRange(issue, value) }];
    default:
      return [{ path, problem: `${issue.message}.` }];
  }
};
