import { Agent, fetch } from 'undici';
import { checkLiteral, guardedLookup } from './guard-address.ts';

/** Thrown for an address that is neither on https nor exempt. */
export class NotHttps extends Error {
  override readonly name = 'NotHttps';
}

const BYTES_MAX = 1024 * 1024;
const CONNECT_MS_MAX = 5000;

/**
 * A `fetch` for addresses that administrators type and providers name: https to public addresses only, so that it reaches
 * nothing inside the network, without redirects and with a limit on what is read. `allowed` are origins that are exempt.
 * Rejects with {@link NotHttps} or, as such or as the cause, with a ForbiddenAddress.
 */
export const createGuardedFetch = (allowed: readonly string[]): typeof globalThis.fetch => {
  const limits = { maxResponseSize: BYTES_MAX };
  const guarded = new Agent({ ...limits, connect: { timeout: CONNECT_MS_MAX, lookup: guardedLookup(false) } });
  const open = new Agent({ ...limits, connect: { timeout: CONNECT_MS_MAX } });
  const origins = new Set(allowed.map((one) => URL.parse(one)?.origin));
  const send: unknown = async (input: string | URL, init: object) => {
    const url = new URL(input);
    const isExempt = origins.has(url.origin);
    if (!isExempt) {
      if (url.protocol !== 'https:') throw new NotHttps(`${url.origin} is not on https`);
      checkLiteral(url.hostname, false);
    }
    return fetch(url, { ...init, redirect: 'manual', dispatcher: isExempt ? open : guarded });
  };
  // undici's own fetch, whose types differ from those of the platform's in names only.
  return send as typeof globalThis.fetch;
};
