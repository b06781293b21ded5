import { remembering } from '../remembering.ts';

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

/** Whether a request header of this name (in small letters) goes on to the provider. */
export const isForwardedName = (name: string): boolean => !NOT_FORWARDED.has(name) && !isOurs(name);

/** Names that `Connection` headers declare to be of this connection only (RFC 9110 §7.6.1); undefined for none. */
export const connectionNames = (headers: readonly string[]): ReadonlySet<string> | undefined => {
  let names: Set<string> | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1] ?? '';
    if (headers[i]?.toLowerCase() !== 'connection' || value === 'keep-alive' || value === 'close') continue;
    names ??= new Set();
    for (const name of value.split(',')) names.add(name.trim().toLowerCase());
  }
  return names;
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

/** Whether an answer's header of this name (in small letters) is passed on, as far as the name says. */
export const isPassedOn = remembering((name) => !NOT_ANSWERED.has(name) && !isOfOurKey(name));

/** The answer's headers to pass on; the lists alternate names, in small letters, and values. */
export const forwardableAnswerHeaders = (headers: readonly string[]): string[] => {
  const dropped = connectionNames(headers);
  const passed: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!isPassedOn(name) || dropped?.has(name) === true) continue;
    passed.push(name, headers[i + 1] ?? '');
  }
  return passed;
};
