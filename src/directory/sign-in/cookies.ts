const PLAIN = 'remit_session';
// Browsers keep a cookie of this prefix to one host and to https (RFC 6265bis §4.1.3): no neighbour can plant one.
const SECURE = '__Host-remit_session';

const nameOf = (isSecure: boolean): string => (isSecure ? SECURE : PLAIN);

/** The value of a cookie in a `Cookie` header. */
export const readCookie = (header: string | null, name: string): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim().split('='))
    .find(([found]) => found === name)?.[1];

/** The session secret a request carries in its cookie. On https the plain cookie does not count. */
export const readSessionCookie = (header: string | null, isSecure: boolean): string | undefined =>
  readCookie(header, nameOf(isSecure));

const attributes = (isSecure: boolean, seconds: number): string =>
  `Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;

/** `Set-Cookie` for a session: out of reach of scripts and of other sites; `Secure` wherever the site is on https. */
export const sessionCookie = (secret: string, isSecure: boolean, seconds: number): string =>
  `${nameOf(isSecure)}=${secret}; ${attributes(isSecure, seconds)}`;

/** `Set-Cookie` that takes the session's cookie away. */
export const expiredSessionCookie = (isSecure: boolean): string => sessionCookie('', isSecure, 0);
