// Browsers drop tabs and line ends from addresses and take a backslash for a slash.
const isOdd = (character: string): boolean => character <= ' ' || character === '\u007f' || character === '\\';

/**
 * Where to lead somebody after signing in: a path of the console. Whatever could lead to another site, or to an endpoint,
 * becomes the start page.
 */
export const safeReturnTo = (wanted: string | undefined | null): string => {
  if (wanted == null || !wanted.startsWith('/') || wanted.startsWith('//') || [...wanted].some(isOdd)) return '/';
  const base = 'https://console.invalid';
  const url = URL.parse(wanted, base);
  if (url === null || url.origin !== base || /^\/+(?:v1|scim|mcp)(?:\/|$)/.test(url.pathname)) return '/';
  // A path that begins with two slashes once dots are resolved would be read as another host.
  return url.pathname.startsWith('//') ? '/' : url.pathname + url.search + url.hash;
};
