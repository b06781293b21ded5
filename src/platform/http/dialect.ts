import { API_VERSIONS, type ApiVersion, KNOWN_BETAS, Refusal } from '../../kernel/index.ts';
import type { AnyEndpoint } from './endpoint.ts';

/** Which of the API's versions a client speaks, and which betas it has switched on (organisation APIs §0.1). */
export type Dialect = { readonly version: ApiVersion; readonly betas: ReadonlySet<string> };

const isVersion = (text: string): text is ApiVersion => (API_VERSIONS as readonly string[]).includes(text);

/** Reads the dialect from a request's headers; an unknown version or beta is refused by its name. */
export const readDialect = (headers: Headers): Dialect => {
  const version = headers.get('anthropic-version')?.trim() || API_VERSIONS[0];
  if (!isVersion(version))
    throw new Refusal(
      'invalid_request',
      `anthropic-version: "${version}" is not a version Remit knows. Send one of ${API_VERSIONS.join(', ')}.`,
    );
  const betas = (headers.get('anthropic-beta') ?? '').split(',').map((name) => name.trim());
  const named = betas.filter((name) => name !== '');
  const unknown = named.find((name) => !KNOWN_BETAS.has(name));
  if (unknown !== undefined)
    throw new Refusal('invalid_request', `anthropic-beta: "${unknown}" is not a beta Remit knows. Leave it out.`);
  return { version, betas: new Set(named) };
};

/** A beta endpoint does not exist for those who have not asked for its beta. */
export const requireBeta = ({ beta }: AnyEndpoint, { betas }: Dialect): void => {
  if (beta !== undefined && !betas.has(beta)) throw new Refusal('not_found', 'Not found');
};

/**
 * The reply as the client's version shows it: fields that the newest version dropped are left out for it. They are named
 * as they stand in the reply or in each item of its `data`.
 */
export const inVersion = (reply: unknown, { dropped }: AnyEndpoint, { version }: Dialect): unknown => {
  if (dropped === undefined || version === '2023-06-01' || !isRecord(reply)) return reply;
  const without = (item: unknown): unknown =>
    isRecord(item) ? Object.fromEntries(Object.entries(item).filter(([name]) => !dropped.includes(name))) : item;
  return Array.isArray(reply.data) ? { ...reply, data: reply.data.map(without) } : without(reply);
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
