import type { Effort } from '../../kernel/index.ts';

/** The model lines of the Models API, the least capable first. */
// The vendor orders Haiku < Sonnet < Opus; that Fable and Mythos rank above Opus is Remit's choice.
export const LINES = ['haiku', 'sonnet', 'opus', 'fable', 'mythos'] as const;

/** A family of models, as `line` of the Models API names it. */
export type ModelLine = (typeof LINES)[number];

/** The values of `thinking.type` (Messages API). */
export type ThinkingType = 'adaptive' | 'between_tools' | 'disabled' | 'enabled';

/** What a model can do beyond effort and thinking, one word per leaf of the Models API's `capabilities`. */
export const CAPABILITIES = [
  'batch',
  'citations',
  'code_execution',
  'image_input',
  'pdf_input',
  'structured_outputs',
  'clear_thinking_20251015',
  'clear_tool_uses_20250919',
  'compact_20260112',
  'web_search_tool',
  'code_execution_tool',
] as const;

/** One word of {@link CAPABILITIES}. */
export type Capability = (typeof CAPABILITIES)[number];

/** Where a model stands in its life; only a `retired` one no longer answers. */
export type Lifecycle = 'active' | 'deprecated' | 'retired';

/**
 * A model as Remit knows it. `id` is the name the Models API lists; `aliases` are names the provider accepts for it
 * and are forwarded as asked. Times are epoch ms. `efforts` are the levels `output_config.effort` accepts, lowest
 * first; none means the model has no effort parameter, and then `defaultEffort` is null. `defaultEffort` is what the API
 * uses when the field is left out. `capabilities` is null when nobody has said what the model can do.
 */
export type Model = {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly displayName: string;
  readonly line: ModelLine | null;
  readonly releasedAt: number;
  readonly lifecycle: Lifecycle;
  readonly deprecatedAt: number | null;
  readonly retiresAt: number | null;
  readonly efforts: readonly Effort[];
  readonly defaultEffort: Effort | null;
  readonly thinking: readonly ThinkingType[];
  readonly maxInputTokens: number | null;
  readonly maxTokens: number | null;
  readonly capabilities: readonly Capability[] | null;
};

/** Haiku models are available to everybody and cannot be switched off, neither for the organisation nor in a role. */
export const isAlwaysAvailable = (model: Model): boolean => model.line === 'haiku';

/** Place of a line in {@link LINES}; a model outside every line ranks below all of them, at -1. */
export const lineRank = (line: ModelLine | null): number => (line === null ? -1 : LINES.indexOf(line));

/** Sorts the newest release first; models released at the same moment are ordered by id, so that the order is total. */
export const newestFirst = (a: Model, b: Model): number =>
  b.releasedAt - a.releasedAt || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);

/** Sorts the most capable first: by line, then by release. */
export const mostCapableFirst = (a: Model, b: Model): number =>
  lineRank(b.line) - lineRank(a.line) || newestFirst(a, b);
