/** What is limited together, by the names of the Rate Limits API. */
export const POOL_KINDS = ['model_group', 'batch', 'token_count', 'files'] as const;
export type PoolKind = (typeof POOL_KINDS)[number];

/** Which numbers of a tier hold for a pool. */
export type PoolClass = 'standard' | 'frontier' | 'batch' | 'token_count' | 'files';

/** What shares one set of limits: a group of models, or a part of the API. */
export type Pool = {
  /** `rlg_…`, the same in every installation. */
  readonly id: string;
  readonly kind: PoolKind;
  readonly class: PoolClass;
  readonly displayName: string;
  /** The ids and aliases of its models, newest first; empty for a part of the API. */
  readonly models: readonly string[];
};

/** Every pool there is, and which one a model is in: exactly one. */
export type PoolIndex = {
  readonly pools: readonly Pool[];
  readonly byId: ReadonlyMap<string, Pool>;
  /** The pool of a canonical model id; null and what nobody knows are in the pool of other models. */
  ofModel(modelId: string | null): Pool;
  /** The pool that lists this id or alias; undefined for a name nobody knows. */
  named(name: string): Pool | undefined;
};

/** Stands for all models at once: limits of groups, members and keys may be set on it. */
export const ALL_MODELS: Pool = {
  id: 'rlg_all_models',
  kind: 'model_group',
  class: 'standard',
  displayName: 'All models',
  models: [],
};

export const BATCHES: Pool = {
  id: 'rlg_batch',
  kind: 'batch',
  class: 'batch',
  displayName: 'Message batches',
  models: [],
};
export const TOKEN_COUNT: Pool = {
  id: 'rlg_token_count',
  kind: 'token_count',
  class: 'token_count',
  displayName: 'Token counting',
  models: [],
};
export const FILES: Pool = { id: 'rlg_files', kind: 'files', class: 'files', displayName: 'Files', models: [] };

/** What of a model decides its pool; `line` is its family. */
export type PooledModel = {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly displayName: string;
  readonly line: string | null;
};

type Group = Omit<Pool, 'kind' | 'models'> & { readonly members: RegExp };

const group = (id: string, displayName: string, members: RegExp, poolClass: PoolClass = 'standard'): Group => ({
  id: `rlg_${id}`,
  displayName,
  class: poolClass,
  members,
});

/** Which models share their limits (organisation APIs §5.1). */
const GROUPS: readonly Group[] = [
  group('claude_fable_5_2', 'Claude Fable 5.2', /^claude-fable-5-2(-\d{8})?$/, 'frontier'),
  group('claude_fable_5', 'Claude Fable 5.x', /^claude-fable-5(-1)?(-\d{8})?$/, 'frontier'),
  group('claude_mythos', 'Claude Mythos', /^claude-mythos-(preview|5(-[12])?(-\d{8})?)$/, 'frontier'),
  group('claude_opus_5_5', 'Claude Opus 5.5', /^claude-opus-5-5(-\d{8})?$/),
  group('claude_opus_5', 'Claude Opus 5', /^claude-opus-5(-\d{8})?$/),
  group('claude_opus_4', 'Claude Opus 4.x', /^claude-opus-4(-|$)/),
  group('claude_sonnet_5_5', 'Claude Sonnet 5.5', /^claude-sonnet-5-5(-\d{8})?$/),
  group('claude_sonnet_5', 'Claude Sonnet 5', /^claude-sonnet-5(-\d{8})?$/),
  group('claude_sonnet_4', 'Claude Sonnet 4.x', /^claude-sonnet-4(-|$)/),
  group('claude_haiku_5_5', 'Claude Haiku 5.5', /^claude-haiku-5-5(-\d{8})?$/),
  group('claude_haiku_4_5', 'Claude Haiku 4.5', /^claude-haiku-4-5(-|$)/),
];

const OTHER_MODELS: Group = group('other_models', 'Other models', /^/);

const slugOf = (modelId: string): string => modelId.toLowerCase().replace(/[^a-z0-9]+/g, '_');

/**
 * The group of a model: one that is shipped; else, when its family is known, one of its own with the numbers of that
 * family, as the provider does with what it releases; else the one all other models share.
 */
const groupOf = ({ id, displayName, line }: PooledModel): Group => {
  const shipped = GROUPS.find(({ members }) => members.test(id));
  if (shipped !== undefined) return shipped;
  if (line === null) return OTHER_MODELS;
  return group(slugOf(id), displayName, /^/, line === 'fable' || line === 'mythos' ? 'frontier' : 'standard');
};

const poolOf = ({ members: _, ...rest }: Group, names: readonly string[]): Pool => ({
  ...rest,
  kind: 'model_group',
  models: names,
});

/** Sorts models into pools. `models` come newest first, and so do the pools; the one of other models is last of them. */
export const indexPools = (models: readonly PooledModel[]): PoolIndex => {
  const named = new Map<string, { readonly group: Group; readonly names: string[] }>();
  for (const model of models) {
    const wanted = groupOf(model);
    const known = named.get(wanted.id) ?? { group: wanted, names: [] };
    known.names.push(model.id, ...model.aliases);
    named.set(wanted.id, known);
  }
  const other = named.get(OTHER_MODELS.id) ?? { group: OTHER_MODELS, names: [] };
  named.delete(OTHER_MODELS.id);
  const ofModels = [...named.values(), other].map((each) => poolOf(each.group, each.names));
  const pools = [...ofModels, BATCHES, TOKEN_COUNT, FILES];
  const otherPool = ofModels[ofModels.length - 1] ?? poolOf(OTHER_MODELS, []);
  const byModel = new Map(ofModels.flatMap((pool) => pool.models.map((name) => [name, pool] as const)));
  return {
    pools,
    byId: new Map(pools.map((pool) => [pool.id, pool])),
    ofModel: (modelId) => (modelId === null ? otherPool : (byModel.get(modelId) ?? otherPool)),
    named: (name) => byModel.get(name),
  };
};
