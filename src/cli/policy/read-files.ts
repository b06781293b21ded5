import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { Unfulfilled } from '../failure.ts';
import { mistakesOf } from './describe-issue.ts';
import { FORMAT, PolicyFile } from './file-format.ts';
import { locate, positionIn, type Source } from './locate.ts';
import { mergeFiles } from './merge-files.ts';
import type { Declared, Path } from './rules/declared.ts';

/** What the files say, and where each thing of it stands. */
export type Policy = { readonly declared: Declared; readonly whereIs: (path: Path) => string };

/** Standard input, where a file is named. */
const STDIN = '-';

const isPolicyName = (name: string): boolean => /\.ya?ml$/.test(name) && !/(^|\/)\./.test(name);

/** A folder is all YAML files in and under it, in the order of their names. */
const filesOf = (path: string): readonly string[] => {
  if (path === STDIN) return [path];
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(isPolicyName);
    if (names.length === 0) throw new Unfulfilled(`The folder ${path} holds no file that ends with .yaml or .yml.`);
    return names.toSorted().map((name) => join(path, name));
  } catch (error) {
    if (error instanceof Unfulfilled) throw error;
    throw new Unfulfilled(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file === STDIN ? 0 : file, 'utf8');
  } catch (error) {
    throw new Unfulfilled(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

type Parsed = { readonly source: Source; readonly content: PolicyFile };
type Result = { readonly parsed: readonly Parsed[]; readonly mistakes: readonly string[] };

const NOT_A_POLICY = `this is no policy file: it has to begin with “remit: ${FORMAT}”. (The configuration of the server, which is often called remit.yaml too, is another file and is not for this command.)`;

const check = (source: Source): Result => {
  const content: unknown = source.document.toJS({ maxAliasCount: 1000 });
  if (content === null || content === undefined) return { parsed: [], mistakes: [] };
  if (typeof content !== 'object' || !('remit' in content))
    return { parsed: [], mistakes: [`${locate([source], [])}: ${NOT_A_POLICY}`] };
  const result = PolicyFile.safeParse(content);
  if (result.success) return { parsed: [{ source, content: result.data }], mistakes: [] };
  const mistakes = result.error.issues
    .flatMap((issue) => mistakesOf(issue, content))
    .map(({ path, problem }) => `${locate([source], path)}: ${problem}`);
  return { parsed: [], mistakes };
};

const readFile = (file: string): Result => {
  const lines = new LineCounter();
  const name = file === STDIN ? '(standard input)' : file;
  const documents = parseAllDocuments(textOf(file), { lineCounter: lines, merge: true, prettyErrors: false });
  const results = [...documents].map((document): Result => {
    const source = { file: name, document, lines };
    const [error] = document.errors;
    if (error !== undefined)
      return { parsed: [], mistakes: [`${positionIn(source, error.pos[0])}: this is no YAML: ${error.message}`] };
    return check(source);
  });
  return {
    parsed: results.flatMap(({ parsed }) => parsed),
    mistakes: results.flatMap(({ mistakes }) => mistakes),
  };
};

const inOrder = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

const refuse = (mistakes: readonly string[]): never => {
  throw new Unfulfilled(mistakes.toSorted(inOrder).join('\n'));
};

/**
 * Reads policy files: files, folders, or `-` for standard input. Throws {@link Unfulfilled} with every mistake in them,
 * one to a line, with file, line and column.
 */
export const readPolicy = (paths: readonly string[]): Policy => {
  const results = paths.flatMap(filesOf).map(readFile);
  const mistakes = results.flatMap((result) => result.mistakes);
  if (mistakes.length > 0) refuse(mistakes);
  const parsed = results.flatMap((result) => result.parsed);
  if (parsed.length === 0) refuse([`There is nothing in ${paths.join(', ')}.`]);
  const sources = parsed.map(({ source }) => source);
  const merged = mergeFiles(parsed.map(({ content }) => content));
  const twice = merged.twice.map(
    ({ path, files: [first = 0, second = 0] }) =>
      `${locate(sources.slice(second, second + 1), path)}: ${path.join(' › ')} is declared in ${locate(sources.slice(first, first + 1), path)} already. Say everything about it in one place.`,
  );
  if (twice.length > 0) refuse(twice);
  return { declared: merged.declared, whereIs: (path) => locate(sources, path) };
};
