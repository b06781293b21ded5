import type { Effort } from '../../kernel/index.ts';
import type { Allowance, Model } from './models.ts';

const atMidnight = (day: string): string => `${day}T00:00:00Z`;
const leaf = (supported: boolean) => ({ supported });
const allowed = (allowance: Allowance) => leaf(allowance !== 'no');

/** The lifecycle of a model: one with a date of retirement is deprecated. */
export const lifecycleOf = (model: Model): 'active' | 'deprecated' =>
  model.deprecation === undefined ? 'active' : 'deprecated';

const effortCapability = (model: Model) => {
  const has = (level: Effort) => leaf(model.efforts.includes(level));
  return {
    supported: model.efforts.length > 0,
    low: has('low'),
    medium: has('medium'),
    high: has('high'),
    xhigh: has('xhigh'),
    max: has('max'),
  };
};

const thinkingCapability = ({ thinking }: Model) => ({
  supported: true,
  types: {
    adaptive: allowed(thinking.adaptive),
    between_tools: allowed(thinking.betweenTools),
    disabled: allowed(thinking.disabled),
    enabled: allowed(thinking.enabled),
  },
});

const contextManagement = {
  supported: true,
  clear_thinking_20251015: leaf(true),
  clear_tool_uses_20250919: leaf(true),
  compact_20260112: leaf(true),
};

/** A model as `GET /v1/models` shows it (ModelInfo). */
export const renderModelInfo = (model: Model) => ({
  type: 'model' as const,
  id: model.id,
  display_name: model.name,
  created_at: atMidnight(model.createdAt),
  line: model.line,
  lifecycle: lifecycleOf(model),
  deprecated_at: model.deprecation ? atMidnight(model.deprecation.since) : null,
  retires_at: model.deprecation ? atMidnight(model.deprecation.retires) : null,
  max_input_tokens: model.contextTokens,
  max_tokens: model.outputTokensMax,
  capabilities: {
    batch: leaf(true),
    citations: leaf(true),
    code_execution: leaf(true),
    image_input: leaf(true),
    pdf_input: leaf(true),
    structured_outputs: leaf(true),
    context_management: contextManagement,
    effort: effortCapability(model),
    server_tools: { supported: true, web_search: leaf(true), code_execution: leaf(true) },
    thinking: thinkingCapability(model),
  },
});
