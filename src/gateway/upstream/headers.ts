/**
 * Headers of one connection, not of the request (RFC 9110 §7.6.1), and those we set ourselves: the host, the
 * credential and the length. Everything else is forwarded, known to us or not.
 */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'content-length',
  'authorization',
  'x-api-key',
  'cookie',
  'forwarded',
  'via',
]);

const isOurs = (name: string): boolean => name.startsWith('x-forwarded-') || name.startsWith('remit-');

/** Names that the `Connection` header declares to be of this connection only. */
const connectionNames = (rawHeaders: readonly string[]): ReadonlySet<string> | undefined => {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const value = rawHeaders[i + 1] ?? '';
    if (rawHeaders[i]?.toLowerCase() !== 'connection' || value === 'keep-alive' || value === 'close') continue;
    return new Set(value.split(',').map((name) => name.trim().toLowerCase()));
  }
  return undefined;
};

/** The request headers to forward, as a flat list of names and values in their own order and spelling. */
export const forwardableRequestHeaders = (rawHeaders: readonly string[], dropsEncoding = false): string[] => {
  const dropped = connectionNames(rawHeaders);
  const forwarded: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const lower = name.toLowerCase();
    if (NOT_FORWARDED.has(lower) || isOurs(lower) || dropped?.has(lower) === true) continue;
    if (dropsEncoding && lower === 'content-encoding') continue;
    forwarded.push(name, rawHeaders[i + 1] ?? '');
  }
  return forwarded;
};

const NOT_ANSWERED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'request-id',
  'x-request-id',
  'alt-svc',
]);

// The provider's limits are those of the whole organisation's key; a member would read them as their own.
const isOfOurKey = (name: string): boolean =>
  name.startsWith('anthropic-ratelimit-') || name.startsWith('remit-') || name === 'anthropic-organization-id';

/** The answer's headers to pass on, as a flat list. Values that came several times stay several. */
export const forwardableAnswerHeaders = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string[] => {
  const passed: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || NOT_ANSWERED.has(name) || isOfOurKey(name)) continue;
    if (typeof value === 'string') passed.push(name, value);
    else for (const one of value) passed.push(name, one);
  }
  return passed;
};
