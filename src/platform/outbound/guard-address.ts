import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How an address may be reached: by everybody, only where an administrator permits it, or never. */
export type Reach = 'public' | 'private' | 'forbidden';

/** Networks of an organisation's own: RFC 1918 and its like, loopback, RFC 4193, RFC 6598. */
const PRIVATE_RANGES: readonly string[] = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'];

/** Clouds answer here with the credentials of the machine that asks; the link-local one is forbidden by its range. */
const METADATA: readonly string[] = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'];

/**
 * What kind of address this is. Forbidden is where no server of an organisation is: link-local (where clouds keep their credentials),
 * multicast, unspecified, reserved, and addresses that stand for another one behind a translator.
 */
export const reachOf = (address: string): Reach => {
  if (!ipaddr.isValid(address)) return 'forbidden';
  const parsed = ipaddr.process(address);
  if (METADATA.includes(parsed.toString())) return 'forbidden';
  const range = parsed.range();
  if (range === 'unicast') return 'public';
  return PRIVATE_RANGES.includes(range) ? 'private' : 'forbidden';
};

/** A host that stands for an address Remit does not connect to. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly reach: Reach;

  constructor(host: string, address: string) {
    super(`${host} stands for ${address}, which Remit does not connect to`);
    this.reach = reachOf(address);
  }
}

const refuseUnreachable = (host: string, addresses: readonly string[], allowsPrivate: boolean): void => {
  for (const address of addresses) {
    const reach = reachOf(address);
    if (reach === 'forbidden' || (reach === 'private' && !allowsPrivate)) throw new ForbiddenAddress(host, address);
  }
};

/** Throws {@link ForbiddenAddress} for a host that is written as an address: those are connected to without a lookup. */
export const checkLiteral = (host: string, allowsPrivate: boolean): void => {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) refuseUnreachable(bare, [bare], allowsPrivate);
};

/**
 * Looks names up for connections. What is checked here is what is connected to, so a name cannot stand for one address
 * while it is checked and for another afterwards.
 */
export const guardedLookup =
  (allowsPrivate: boolean): LookupFunction =>
  (host, options, callback) => {
    lookUp(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      try {
        refuseUnreachable(
          host,
          found.map(({ address }) => address),
          allowsPrivate,
        );
      } catch (refused) {
        callback(refused as Error, []);
        return;
      }
      const [first] = found;
      if (options.all === true || first === undefined) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
