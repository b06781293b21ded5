import ipaddr from 'ipaddr.js';

/** What can be said of where a request came from. `address` is null when nobody knows. */
export type ClientFacts = { readonly address: string | null; readonly isSecure: boolean };

/** What a socket and the headers of forwarding proxies say; header values as they came, several joined by commas. */
export type ConnectionFacts = {
  readonly peer: string | undefined;
  readonly forwardedFor?: string | null | undefined;
  readonly forwardedProto?: string | null | undefined;
};

/** Reads where a request came from. */
export type ReadClient = (connection: ConnectionFacts) => ClientFacts;

type Address = ReturnType<typeof ipaddr.process>;
type Range = readonly [Address, number];

/** An address in its shortest form, IPv4 inside of IPv6 as IPv4; undefined for what is none. Ports are dropped. */
export const parseAddress = (text: string): string | undefined => {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '');
  // Of IPv4, only the common notation: `127.1` and octal forms mean different hosts to different programs.
  const isPlain = bare.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(bare);
  return isPlain && ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined;
};

/** A range of addresses in CIDR notation, or one address; undefined for what is neither. */
export const parseRange = (text: string): Range | undefined => {
  const [address = '', bits, ...more] = text.trim().split('/');
  const known = parseAddress(address);
  if (known === undefined || known.includes(':') !== address.includes(':') || more.length > 0) return undefined;
  const parsed = ipaddr.process(known);
  const widest = parsed.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [parsed, widest];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= widest ? [parsed, Number(bits)] : undefined;
};

/** Tells whether an address lies in one of the ranges; unparsable ranges hold nothing. */
export const createRangeMatcher = (ranges: readonly string[]): ((address: string) => boolean) => {
  const parsed = ranges.flatMap((text) => {
    const range = parseRange(text);
    return range === undefined ? [] : [range];
  });
  return (address) => {
    const known = parseAddress(address);
    if (known === undefined) return false;
    const one = ipaddr.process(known);
    return parsed.some(([base, bits]) => one.kind() === base.kind() && one.match(base, bits));
  };
};

/**
 * The one rule for forwarded headers: a proxy is believed only if its own address is among the trusted ones, and the
 * client is the first untrusted address from the right of `X-Forwarded-For`. What a client writes there itself stands
 * further left and is never read. `isPublicHttps`: people reach this installation by https whatever a proxy says.
 */
export const createReadClient = (trusted: readonly string[], isPublicHttps: () => boolean): ReadClient => {
  const isTrusted = createRangeMatcher(trusted);
  return ({ peer, forwardedFor, forwardedProto }) => {
    const nearest = peer === undefined ? undefined : parseAddress(peer);
    const isBehindProxy = nearest !== undefined && isTrusted(nearest);
    const isForwardedSecure = isBehindProxy && forwardedProto?.split(',').at(-1)?.trim().toLowerCase() === 'https';
    const isSecure = isForwardedSecure || isPublicHttps();
    if (nearest === undefined) return { address: null, isSecure };
    if (!isBehindProxy || forwardedFor == null) return { address: nearest, isSecure };
    return { address: firstUntrusted(nearest, forwardedFor, isTrusted), isSecure };
  };
};

const firstUntrusted = (nearest: string, forwardedFor: string, isTrusted: (address: string) => boolean): string => {
  let current = nearest;
  for (const entry of forwardedFor.split(',').reverse()) {
    const address = parseAddress(entry);
    // A trusted proxy that passes on something unreadable stands for whoever is behind it.
    if (address === undefined) return current;
    current = address;
    if (!isTrusted(address)) return current;
  }
  return current;
};
