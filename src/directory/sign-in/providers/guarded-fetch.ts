import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, fetch } from 'undici';

/** Thrown for an address that must not be asked; the message is for the log. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

const BYTES_MAX = 1024 * 1024;
const CONNECT_MS_MAX = 5000;

/** Whether an address is one that everybody on the internet means the same by. */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/** Resolves names to public addresses only. The connection goes to what was checked, so that no second answer counts. */
const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return done(error, '', 4);
    const forbidden = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (forbidden !== undefined || first === undefined)
      return done(new ForbiddenAddress(`${hostname} is at ${forbidden?.address ?? 'no address'}`), '', 4);
    if (options.all === true) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

const refuseForbidden = (url: URL): void => {
  if (url.protocol !== 'https:') throw new ForbiddenAddress(`${url.origin} is not on https`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.isValid(host) && !isPublicAddress(host)) throw new ForbiddenAddress(`${host} is not a public address`);
};

/**
 * A `fetch` for addresses that administrators type and providers name: https to public addresses only, so that it reaches
 * nothing inside the network, without redirects and with a limit on what is read. `allowed` are origins that are exempt.
 */
export const createGuardedFetch = (allowed: readonly string[]): typeof globalThis.fetch => {
  const limits = { maxResponseSize: BYTES_MAX };
  const guarded = new Agent({ ...limits, connect: { timeout: CONNECT_MS_MAX, lookup: lookupPublic } });
  const open = new Agent({ ...limits, connect: { timeout: CONNECT_MS_MAX } });
  const origins = new Set(allowed.map((one) => URL.parse(one)?.origin));
  const send: unknown = async (input: string | URL, init: object) => {
    const url = new URL(input);
    const isExempt = origins.has(url.origin);
    if (!isExempt) refuseForbidden(url);
    return fetch(url, { ...init, redirect: 'manual', dispatcher: isExempt ? open : guarded });
  };
  // undici's own fetch, whose types differ from those of the platform's in names only.
  return send as typeof globalThis.fetch;
};
