import type { Effort } from '../../kernel/index.ts';
import type { Capability, Lifecycle, Model, ModelLine, ThinkingType } from './model.ts';

/** A leaf of `capabilities`. */
export type Support = { readonly supported: boolean };

/** `capabilities` of the Models API. */
export type ModelCapabilities = {
  readonly batch: Support;
  readonly citations: Support;
  readonly code_execution: Support;
  readonly context_management: Support & {
    readonly clear_thinking_20251015: Support | null;
    readonly clear_tool_uses_20250919: Support | null;
    readonly compact_20260112: Support | null;
  };
  readonly effort: Support & {
    readonly low: Support;
    readonly medium: Support;
    readonly high: Support;
    readonly xhigh: Support | null;
    readonly max: Support;
  };
  readonly image_input: Support;
  readonly pdf_input: Support;
  readonly server_tools: Support & { readonly web_search: Support; readonly code_execution: Support };
  readonly structured_outputs: Support;
  readonly thinking: Support & { readonly types: Readonly<Record<ThinkingType, Support>> };
};

/** One entry of `GET /v1/models`, exactly as on the wire. Times are RFC 3339. */
export type ModelInfo = {
  readonly type: 'model';
  readonly id: string;
  readonly display_name: string;
  readonly created_at: string;
  readonly line: ModelLine | null;
  readonly lifecycle: Lifecycle;
  readonly deprecated_at: string | null;
  readonly retires_at: string | null;
  readonly max_input_tokens: number | null;
  readonly max_tokens: number | null;
  readonly capabilities: ModelCapabilities | null;
};

const support = (supported: boolean): Support => ({ supported });
const timestamp = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const timestampOrNull = (ms: number | null): string | null => (ms === null ? null : timestamp(ms));

const toThinking = (types: readonly ThinkingType[]): ModelCapabilities['thinking'] => {
  const accepts = (type: ThinkingType): Support => support(types.includes(type));
  return {
    supported: types.some((type) => type !== 'disabled'),
    types: {
      adaptive: accepts('adaptive'),
      between_tools: accepts('between_tools'),
      disabled: accepts('disabled'),
      enabled: accepts('enabled'),
    },
  };
};

const toCapabilities = (model: Model, known: readonly Capability[], left: readonly Effort[]): ModelCapabilities => {
  const can = (capability: Capability): Support => support(known.includes(capability));
  const may = (level: Effort): Support => support(model.efforts.includes(level) && left.includes(level));
  const strategies = {
    clear_thinking_20251015: can('clear_thinking_20251015'),
    clear_tool_uses_20250919: can('clear_tool_uses_20250919'),
    compact_20260112: can('compact_20260112'),
  };
  const tools = { web_search: can('web_search_tool'), code_execution: can('code_execution_tool') };
  return {
    batch: can('batch'),
    citations: can('citations'),
    code_execution: can('code_execution'),
    context_management: { supported: Object.values(strategies).some((one) => one.supported), ...strategies },
    effort: {
      supported: model.efforts.length > 0,
      low: may('low'),
      medium: may('medium'),
      high: may('high'),
      xhigh: may('xhigh'),
      max: may('max'),
    },
    image_input: can('image_input'),
    pdf_input: can('pdf_input'),
    server_tools: { supported: tools.web_search.supported || tools.code_execution.supported, ...tools },
    structured_outputs: can('structured_outputs'),
    thinking: toThinking(model.thinking),
  };
};

/**
 * The model as the Models API shows it to one caller: of the effort levels, only those in `effortsLeft` are supported.
 * A model nobody has described keeps `capabilities: null`.
 */
export const toModelInfo = (model: Model, effortsLeft: readonly Effort[]): ModelInfo => ({
  type: 'model',
  id: model.id,
  display_name: model.displayName,
  created_at: timestamp(model.releasedAt),
  line: model.line,
  lifecycle: model.lifecycle,
  deprecated_at: timestampOrNull(model.deprecatedAt),
  retires_at: timestampOrNull(model.retiresAt),
  max_input_tokens: model.maxInputTokens,
  max_tokens: model.maxTokens,
  capabilities: model.capabilities === null ? null : toCapabilities(model, model.capabilities, effortsLeft),
});
