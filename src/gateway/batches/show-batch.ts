import type { GatewayDeps } from '../deps.ts';
import type { Exchange } from '../objects/exchange.ts';

type Shown = { readonly [field: string]: unknown };

/** Where the client reaches this installation: as configured, else as the request itself says. */
const originOf = ({ request }: Exchange, publicUrl: string | undefined): string => {
  if (publicUrl !== undefined) return publicUrl;
  const sent = request.headers['x-forwarded-proto'];
  const isSecure = (Array.isArray(sent) ? sent[0] : sent)?.split(',')[0]?.trim() === 'https';
  return `${isSecure ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`;
};

/**
 * A batch as the client may see it: `results_url` points here, at the same path, because clients fetch it with their own
 * key, and the provider would neither know that key nor may it learn it.
 */
export const showBatch = <T extends Shown>(
  { publicUrl }: Pick<GatewayDeps, 'publicUrl'>,
  exchange: Exchange,
  batch: T,
): T => {
  const url = batch.results_url;
  if (typeof url !== 'string') return batch;
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return { ...batch, results_url: originOf(exchange, publicUrl) + path.slice(Math.max(0, path.indexOf('/v1/'))) };
};
