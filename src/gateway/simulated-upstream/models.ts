import { EFFORTS, type Effort } from '../../kernel/index.ts';

/** Whether a thinking mode is accepted: always, never, or only while effort is `high` or lower. */
export type Allowance = 'yes' | 'no' | 'up-to-high';

/** What the API accepts from one model, as far as a gateway can meet it (prices are not its matter). */
export type Model = {
  readonly id: string;
  /** The dateless spelling that is also accepted. */
  readonly alias?: string;
  readonly name: string;
  readonly line: 'haiku' | 'sonnet' | 'opus' | 'fable' | 'mythos';
  readonly createdAt: string;
  readonly deprecation?: { readonly since: string; readonly retires: string };
  readonly contextTokens: number;
  readonly outputTokensMax: number;
  readonly efforts: readonly Effort[];
  readonly defaultEffort?: Effort;
  readonly thinking: Thinking;
  /** Whether `speed: fast` runs fast, is accepted but runs at standard speed, or is refused. */
  readonly fast: 'yes' | 'standard' | 'no';
  readonly forcedToolChoice: boolean;
  readonly sampling: boolean;
};

type Thinking = {
  readonly whenOmitted: 'adaptive' | 'off';
  readonly adaptive: Allowance;
  readonly enabled: Allowance;
  readonly disabled: Allowance;
  readonly betweenTools: Allowance;
};

const always: Thinking = {
  whenOmitted: 'adaptive',
  adaptive: 'yes',
  enabled: 'no',
  disabled: 'no',
  betweenTools: 'no',
};
const betweenTools: Thinking = { ...always, betweenTools: 'up-to-high' };
const offUpToHigh: Thinking = { ...always, disabled: 'up-to-high' };
const optional: Thinking = { ...always, disabled: 'yes' };
const onRequest: Thinking = { ...optional, whenOmitted: 'off' };
const budgetToo: Thinking = { ...onRequest, enabled: 'yes' };
const budgetOnly: Thinking = { ...budgetToo, adaptive: 'no' };

type Traits = Omit<Model, 'id' | 'name' | 'line' | 'createdAt'>;

const current: Traits = {
  contextTokens: 1_000_000,
  outputTokensMax: 128_000,
  efforts: EFFORTS,
  defaultEffort: 'high',
  thinking: always,
  fast: 'no',
  forcedToolChoice: true,
  sampling: false,
};
const newest: Traits = { ...current, forcedToolChoice: false };
const generation46: Traits = {
  ...current,
  efforts: ['low', 'medium', 'high', 'max'],
  thinking: budgetToo,
  sampling: true,
};
const { defaultEffort: _none, ...withoutEffort } = current;
const generation45: Traits = {
  ...withoutEffort,
  contextTokens: 200_000,
  outputTokensMax: 64_000,
  efforts: [],
  thinking: budgetOnly,
  sampling: true,
};

/**
 * The models the simulation offers, newest first: the public catalogue of 2026-11-20. Dates are exact for the 5.5
 * and 4.5 generations and for dated ids; for the others they only keep the order of release.
 */
export const CATALOGUE: readonly Model[] = [
  { ...newest, id: 'claude-fable-5-2', name: 'Claude Fable 5.2', line: 'fable', createdAt: '2026-11-10', fast: 'yes' },
  { ...newest, id: 'claude-mythos-5-2', name: 'Claude Mythos 5.2', line: 'mythos', createdAt: '2026-11-10' },
  {
    ...current,
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    line: 'haiku',
    createdAt: '2026-10-07',
    defaultEffort: 'medium',
    thinking: offUpToHigh,
  },
  {
    ...newest,
    id: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    line: 'sonnet',
    createdAt: '2026-09-28',
    thinking: betweenTools,
  },
  {
    ...newest,
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    line: 'opus',
    createdAt: '2026-09-22',
    defaultEffort: 'medium',
    fast: 'yes',
  },
  { ...newest, id: 'claude-fable-5-1', name: 'Claude Fable 5.1', line: 'fable', createdAt: '2026-09-01' },
  { ...newest, id: 'claude-mythos-5-1', name: 'Claude Mythos 5.1', line: 'mythos', createdAt: '2026-09-01' },
  {
    ...current,
    id: 'claude-opus-5',
    name: 'Claude Opus 5',
    line: 'opus',
    createdAt: '2026-07-20',
    thinking: offUpToHigh,
    fast: 'yes',
  },
  {
    ...current,
    id: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    line: 'sonnet',
    createdAt: '2026-06-30',
    thinking: optional,
  },
  { ...current, id: 'claude-fable-5', name: 'Claude Fable 5', line: 'fable', createdAt: '2026-06-09' },
  { ...current, id: 'claude-mythos-5', name: 'Claude Mythos 5', line: 'mythos', createdAt: '2026-06-09' },
  {
    ...current,
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    line: 'opus',
    createdAt: '2026-05-28',
    thinking: onRequest,
    fast: 'yes',
  },
  {
    ...current,
    id: 'claude-opus-4-7',
    name: 'Claude Opus 4.7',
    line: 'opus',
    createdAt: '2026-04-16',
    thinking: onRequest,
  },
  { ...generation46, id: 'claude-sonnet-4-6', name: 'Claude Sonnet 4.6', line: 'sonnet', createdAt: '2026-02-17' },
  {
    ...generation46,
    id: 'claude-opus-4-6',
    name: 'Claude Opus 4.6',
    line: 'opus',
    createdAt: '2026-02-05',
    fast: 'standard',
  },
  {
    ...generation45,
    id: 'claude-opus-4-5-20251101',
    alias: 'claude-opus-4-5',
    name: 'Claude Opus 4.5',
    line: 'opus',
    createdAt: '2025-11-24',
    efforts: ['low', 'medium', 'high'],
    defaultEffort: 'high',
  },
  {
    ...generation45,
    id: 'claude-haiku-4-5-20251001',
    alias: 'claude-haiku-4-5',
    name: 'Claude Haiku 4.5',
    line: 'haiku',
    createdAt: '2025-10-15',
  },
  {
    ...generation45,
    id: 'claude-sonnet-4-5-20250929',
    alias: 'claude-sonnet-4-5',
    name: 'Claude Sonnet 4.5',
    line: 'sonnet',
    createdAt: '2025-09-29',
    deprecation: { since: '2026-09-28', retires: '2026-11-30' },
  },
];

/** The model of an id or its dateless alias; undefined when the catalogue has none. */
export const findModel = (id: string): Model | undefined =>
  CATALOGUE.find((model) => model.id === id || model.alias === id);
