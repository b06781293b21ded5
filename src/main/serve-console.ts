import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { Hono } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

// Styles are inline because the component kit sets them on elements; scripts come from our own files only.
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const NOT_BUILT = 'The console has not been built. Run "npm run build" once, then reload this page.';

// Programs look at these and go by the status: a page would tell a client of MCP that there is a way to sign in.
const NOT_PAGES: readonly string[] = ['/v1/', '/mcp/', '/oauth/', '/managed/', '/api/', '/.well-known/'];

/** Serves the built console from a folder: its files, and its one page for every other path of its own. */
export const serveConsole = (app: Hono, folder: string): void => {
  app.get('/assets/*', async (context) => (await fileAt(folder, context.req.path, true)) ?? context.notFound());
  app.get('*', async (context) => {
    const { path } = context.req;
    if (NOT_PAGES.some((place) => path.startsWith(place))) return context.notFound();
    const own = extname(path) === '' ? undefined : await fileAt(folder, path, false);
    return own ?? (await fileAt(folder, '/index.html', false)) ?? context.text(NOT_BUILT, 503);
  });
};

const fileAt = async (folder: string, path: string, isHashed: boolean): Promise<Response | undefined> => {
  const file = join(folder, normalize(`/${path}`));
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) return undefined;
  return new Response(new Uint8Array(await readFile(file)), {
    headers: {
      ...SECURITY_HEADERS,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      // Names under /assets carry a hash of what they hold; everything else may change with the next version.
      'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  });
};
