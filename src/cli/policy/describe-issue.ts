import type { z } from 'zod';
import { policySchema } from './file-format.ts';
import type { Path } from './rules/declared.ts';
import { didYouMean } from './rules/nearest.ts';

type Issue = z.core.$ZodIssue;

/** A mistake in a file, by the path that leads to it. */
export type Mistake = { readonly path: Path; readonly problem: string };

/** Keys that people expect here and that come with a later version. */
const LATER: Readonly<Record<string, string>> = {
  limits: 'Spend limits are not part of this version yet; leave them out.',
  spend_limits: 'Spend limits are not part of this version yet; leave them out.',
  spend_limit: 'Spend limits are not part of this version yet; leave them out.',
};

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
};

const below = (schema: Schema, key: string | number): readonly Schema[] => {
  const { properties, additionalProperties: others, anyOf = [], items } = schema;
  const own =
    typeof key === 'number' ? items : (properties?.[key] ?? (typeof others === 'object' ? others : undefined));
  return [...(own === undefined ? [] : [own]), ...anyOf.flatMap((one) => below(one, key))];
};

/** The keys that the format knows at a place. */
const keysAt = (path: Path): readonly string[] => {
  let places: readonly Schema[] = [policySchema() as Schema];
  for (const key of path) places = places.flatMap((place) => below(place, key));
  const keys = (place: Schema): readonly string[] => [
    ...Object.keys(place.properties ?? {}),
    ...(place.anyOf ?? []).flatMap(keys),
  ];
  return places.flatMap(keys);
};

const unknownKey = (key: string, path: Path): string => {
  const later = LATER[key];
  if (later !== undefined) return later;
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

/** All words that the branches of a choice would take. */
const wordsOf = (issue: Issue): readonly unknown[] => {
  if (issue.code === 'invalid_value') return issue.values;
  if (issue.code === 'invalid_type' && issue.expected === 'record') return ['or keys with values'];
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap((one) => wordsOf(one)) : [];
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
    default:
      return [{ path, problem: `${issue.message}.` }];
  }
};
