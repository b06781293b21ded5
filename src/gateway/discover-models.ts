import { z } from 'zod';
import type { ModelInfo } from '../access/index.ts';
import type { Log } from '../platform/index.ts';
import type { Upstream } from './upstream/upstream.ts';

const Listed = z.object({
  data: z.array(
    z.looseObject({
      type: z.literal('model'),
      id: z.string().min(1).max(256),
      display_name: z.string(),
      created_at: z.string(),
      line: z.enum(['haiku', 'sonnet', 'opus', 'fable', 'mythos']).nullable().default(null),
      lifecycle: z.enum(['active', 'deprecated', 'retired']).default('active'),
      deprecated_at: z.string().nullable().default(null),
      retires_at: z.string().nullable().default(null),
      max_input_tokens: z.number().nullable().default(null),
      max_tokens: z.number().nullable().default(null),
      capabilities: z.unknown().default(null),
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
    // Capabilities are read leaf by leaf where they are used; a shape from the future must not lose the model.
    return Listed.parse(JSON.parse(text)).data as unknown as readonly ModelInfo[];
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
