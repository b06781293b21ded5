/** Claims of an identity provider about somebody, as they came. */
export type Claims = { readonly [name: string]: unknown };

/** Groups as far as the provider told of them: all, none at all, or more than it would say. */
export type GroupsClaim =
  | { readonly kind: 'all'; readonly groups: readonly string[] }
  /** The claim is not there, which is not the same as being in no group. */
  | { readonly kind: 'missing' }
  /** There are more groups than fit; whatever came is not all of them. */
  | { readonly kind: 'overage' };

// Okta cuts the list at so many without a word; a list of exactly that length is not to be trusted.
const SILENT_CUT = 100;

const isObject = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (claims: Claims, name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);

/** The claim at a path: the name itself, which may contain dots, or names joined by dots (`realm_access.roles`). */
export const claimAt = (claims: Claims, path: string): unknown =>
  own(claims, path) ??
  path.split('.').reduce<unknown>((at, name) => (isObject(at) ? own(at, name) : undefined), claims);

/** A claim's text; undefined for anything else, and for an empty one. */
export const textAt = (claims: Claims, path: string): string | undefined => {
  const value = claimAt(claims, path);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};

/** What the claims say of the groups somebody is in. */
export const readGroups = (claims: Claims, path: string): GroupsClaim => {
  const value = claimAt(claims, path);
  const top = path.split('.')[0] ?? path;
  const elsewhere = own(claims, '_claim_names');
  if (claims.hasgroups === true || (isObject(elsewhere) && Object.hasOwn(elsewhere, top))) return { kind: 'overage' };
  if (typeof value === 'string') return { kind: 'all', groups: value === '' ? [] : [value] };
  if (!Array.isArray(value)) return { kind: 'missing' };
  const groups = value.filter((one): one is string => typeof one === 'string');
  return groups.length === SILENT_CUT ? { kind: 'overage' } : { kind: 'all', groups };
};

/** Who somebody is at the provider: what never changes, and never the e-mail address. */
export type Subject = { readonly issuer: string; readonly subject: string };

/**
 * Reads the subject. Entra's `sub` differs for each application and its issuer for each tenant, so for several tenants
 * the tenant and the object id count. Undefined where a claim is missing.
 */
export const readSubject = (claims: Claims, key: 'sub' | 'tid_oid'): Subject | undefined => {
  if (key === 'tid_oid') {
    const [tid, oid] = [textAt(claims, 'tid'), textAt(claims, 'oid')];
    return tid === undefined || oid === undefined ? undefined : { issuer: `entra-tenant:${tid}`, subject: oid };
  }
  const { iss, sub } = claims;
  return typeof iss === 'string' && typeof sub === 'string' && sub !== '' ? { issuer: iss, subject: sub } : undefined;
};

/** The domain of an e-mail address in small letters; undefined when it is none. */
export const domainOf = (email: string): string | undefined => {
  const at = email.lastIndexOf('@');
  const domain = email
    .slice(at + 1)
    .trim()
    .toLowerCase();
  return at > 0 && /^[^\s@]+\.[^\s@.]+$/.test(domain) ? domain : undefined;
};
