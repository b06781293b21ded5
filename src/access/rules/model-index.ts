import { LINES, type Model, type ModelLine, newestFirst } from './model.ts';

/** What a name in `model` of a request stands for. */
export type NameResolution =
  | { readonly kind: 'model'; readonly model: Model }
  | { readonly kind: 'family'; readonly line: ModelLine }
  | { readonly kind: 'default' }
  | { readonly kind: 'unknown' };

/**
 * The models in force, prepared for looking up. `models` and every list of `byLine` are newest first; the lists of
 * `byLine` leave retired models out, because neither a family name nor a default may lead to one.
 */
export type ModelIndex = {
  readonly models: readonly Model[];
  readonly byId: ReadonlyMap<string, Model>;
  readonly byLine: ReadonlyMap<ModelLine, readonly Model[]>;
  readonly names: ReadonlyMap<string, NameResolution>;
};

const UNKNOWN: NameResolution = { kind: 'unknown' };

/** Claude Code's mark for the long context window. It is the client's notation: the provider knows no such name. */
const LONG_CONTEXT_MARK = '[1m]';

/** The name without Claude Code's `[1m]`, which must not reach the provider. */
export const bareName = (asked: string): string =>
  asked.endsWith(LONG_CONTEXT_MARK) ? asked.slice(0, -LONG_CONTEXT_MARK.length) : asked;

const familyNames = (line: ModelLine): readonly string[] => [
  line,
  `claude-${line}`,
  `${line}-latest`,
  `claude-${line}-latest`,
];

const indexNames = (models: readonly Model[]): ReadonlyMap<string, NameResolution> => {
  const names = new Map<string, NameResolution>([['default', { kind: 'default' }]]);
  for (const line of LINES) for (const name of familyNames(line)) names.set(name, { kind: 'family', line });
  // Ids are set last: where a name is one model's alias and another's id, the provider means the id.
  for (const model of models) for (const alias of model.aliases) names.set(alias, { kind: 'model', model });
  for (const model of models) names.set(model.id, { kind: 'model', model });
  return names;
};

/** Prepares models for looking up. Of two models with one id the later wins, so additions can correct the catalogue. */
export const indexModels = (models: readonly Model[]): ModelIndex => {
  const byId = new Map(models.map((model) => [model.id, model]));
  const sorted = [...byId.values()].sort(newestFirst);
  const live = sorted.filter((model) => model.lifecycle !== 'retired');
  const byLine = new Map(LINES.map((line) => [line, live.filter((model) => model.line === line)]));
  return { models: sorted, byId, byLine, names: indexNames(sorted) };
};

/** What `asked` names: exact id or alias, a family, `default`, or nothing known. Case matters, as it does upstream. */
export const resolveName = (index: ModelIndex, asked: string): NameResolution =>
  index.names.get(asked) ?? index.names.get(bareName(asked)) ?? UNKNOWN;
