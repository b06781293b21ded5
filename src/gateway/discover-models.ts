import { z } from 'zod';
import type { ModelInfo } from '../access/index.ts';
import type { Log } from '../platform/index.ts';
import type { Upstream } from './upstream/upstream.ts';

const Support = z.looseObject({ supported: z.boolean() });

/** As `ModelInfo` has them. A shape from the future is left out whole: the model stays, and nobody has described it. */
const Capabilities = z
  .looseObject({
    batch: Support,
    citations: Support,
    code_execution: Support,
    context_management: z.looseObject({
      supported: z.boolean(),
      clear_thinking_20251015: Support.nullable(),
      clear_tool_uses_20250919: Support.nullable(),
      compact_20260112: Support.nullable(),
    }),
    effort: z.looseObject({
      supported: z.boolean(),
      low: Support,
      medium: Support,
      high: Support,
      xhigh: Support.nullable(),
      max: Support,
    }),
    image_input: Support,
    pdf_input: Support,
    server_tools: z.looseObject({ supported: z.boolean(), web_search: Support, code_execution: Support }),
    structured_outputs: Support,
    thinking: z.looseObject({
      supported: z.boolean(),
      types: z.looseObject({ adaptive: Support, between_tools: Support, disabled: Support, enabled: Support }),
    }),
  })
  .nullable()
  .catch(null);

const Listed = z.object({
  data: z.array(
    z.looseObject({
      type: z.literal('model'),
      id: z.string().min(1).max(256),
      display_name: z.string(),
      created_at: z.string(),
      line: z.enum(['haiku', 'sonnet', 'opus', 'fable', 'mythos']).nullable().catch(null),
      lifecycle: z.enum(['active', 'deprecated', 'retired']).default('active'),
      deprecated_at: z.string().nullable().default(null),
      retires_at: z.string().nullable().default(null),
      max_input_tokens: z.number().nullable().default(null),
      max_tokens: z.number().nullable().default(null),
      capabilities: Capabilities.default(null),
    }),
  ),
});

const VERSION = '2023-06-01';
const ANSWER_MS = 10_000;

/** The models a provider lists; none when it does not list any (other gateways often do not). */
const listModels = async (upstream: Upstream, log: Log): Promise<readonly ModelInfo[]> => {
  try {
    const { statusCode, body } = await upstream.pool.request({
      method: 'GET',
      path: `${upstream.basePath}/v1/models?limit=1000`,
      headers: ['anthropic-version', VERSION, ...(upstream.credentialHeader ?? [])],
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
    const text = await body.text();
    if (statusCode !== 200) return [];
    return Listed.parse(JSON.parse(text)).data;
  } catch (error) {
    log.debug({ err: error, upstream: upstream.name }, 'the provider did not list its models');
    return [];
  }
};

/**
 * Asks the providers for their models and hands over what they list, so that a model released after this program was
 * built shows up by itself, switched on or off as the organisation has set for new models.
 */
export const discoverModels = async (
  upstreams: readonly Upstream[],
  remember: (listed: readonly ModelInfo[]) => Promise<readonly string[]>,
  log: Log,
): Promise<void> => {
  const listed = await Promise.all(upstreams.map((upstream) => listModels(upstream, log)));
  const fresh = await remember(listed.flat());
  if (fresh.length > 0) log.warn({ models: fresh }, 'the provider offers models that are new here');
};
