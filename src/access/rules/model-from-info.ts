import { EFFORTS, type Effort } from '../../kernel/index.ts';
import { CAPABILITIES, type Capability, type Model, type ThinkingType } from './model.ts';
import type { ModelCapabilities, ModelInfo, Support } from './model-info.ts';

const THINKING_TYPES: readonly ThinkingType[] = ['adaptive', 'between_tools', 'disabled', 'enabled'];

/** What a new name says about itself; the rest is assumed. */
export type NewModel = Pick<Model, 'id' | 'displayName' | 'line' | 'releasedAt'>;

/**
 * A model of which only the name is known. It is taken to accept every effort level and a thinking budget, because then
 * a cap on it is enforced; taking it to accept none would let every request past the cap.
 */
export const assumedModel = (facts: NewModel): Model => ({
  ...facts,
  aliases: [],
  lifecycle: 'active',
  deprecatedAt: null,
  retiresAt: null,
  efforts: EFFORTS,
  defaultEffort: 'high',
  thinking: ['adaptive', 'disabled', 'enabled'],
  maxInputTokens: null,
  maxTokens: null,
  capabilities: null,
});

const leavesOf = (wire: ModelCapabilities): Readonly<Record<Capability, Support | null>> => ({
  batch: wire.batch,
  citations: wire.citations,
  code_execution: wire.code_execution,
  image_input: wire.image_input,
  pdf_input: wire.pdf_input,
  structured_outputs: wire.structured_outputs,
  clear_thinking_20251015: wire.context_management.clear_thinking_20251015,
  clear_tool_uses_20250919: wire.context_management.clear_tool_uses_20250919,
  compact_20260112: wire.context_management.compact_20260112,
  web_search_tool: wire.server_tools.web_search,
  code_execution_tool: wire.server_tools.code_execution,
});

// The wire does not say a model's default effort; high is the rule, and a model without high starts at its highest.
const usualDefault = (efforts: readonly Effort[]): Effort | null =>
  efforts.includes('high') ? 'high' : (efforts.at(-1) ?? null);

const described = (wire: ModelCapabilities, known: Model | undefined) => {
  const leaves = leavesOf(wire);
  const efforts = wire.effort.supported ? EFFORTS.filter((level) => wire.effort[level]?.supported === true) : [];
  const remembered = known?.defaultEffort ?? null;
  return {
    efforts,
    defaultEffort: remembered !== null && efforts.includes(remembered) ? remembered : usualDefault(efforts),
    thinking: THINKING_TYPES.filter((type) => wire.thinking.types[type].supported),
    capabilities: CAPABILITIES.filter((word) => leaves[word]?.supported === true),
  };
};

const timeOf = (text: string): number => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? 0 : ms;
};

/**
 * A model from an entry of the provider's own list. What the wire leaves out (aliases, the default effort) comes from
 * `known`, the model Remit already had under that id; an entry without capabilities keeps the known ones, and otherwise
 * is an {@link assumedModel}. A time that cannot be read counts as 1970.
 */
export const modelFromInfo = (info: ModelInfo, known?: Model): Model => {
  const named = { id: info.id, displayName: info.display_name, line: info.line, releasedAt: timeOf(info.created_at) };
  return {
    ...(known ?? assumedModel(named)),
    ...named,
    lifecycle: info.lifecycle,
    deprecatedAt: info.deprecated_at === null ? null : timeOf(info.deprecated_at),
    retiresAt: info.retires_at === null ? null : timeOf(info.retires_at),
    maxInputTokens: info.max_input_tokens,
    maxTokens: info.max_tokens,
    ...(info.capabilities === null ? {} : described(info.capabilities, known)),
  };
};
