import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const builtPage = join(root, 'dist/console/index.html');

/** What the bundle is made from: the console itself, the contracts it calls, the words they share and the guides. */
const SOURCES = [
  ...['src/console', 'src/kernel', 'src/platform', 'src/activity', 'src/directory', 'src/access', 'src/spend'],
  ...['src/claude-code', 'src/gateway'],
  ...['docs/guides', 'docs/reference'],
];

const isSource = (path: string): boolean =>
  !path.endsWith('.test.ts') &&
  (path.startsWith('src/console') ||
    path.startsWith('src/kernel') ||
    path.startsWith('docs/') ||
    /contract\.ts$|platform\/http\//.test(path));

const newestSourceMs = (): number => {
  const paths = SOURCES.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const files = [...paths.filter(isSource), 'vite.config.ts', 'package-lock.json'];
  return Math.max(...files.map((path) => statSync(join(root, path)).mtimeMs));
};

/** Builds the console unless what stands in `dist/console` is newer than everything it is made from. */
const ensureConsole = async (): Promise<void> => {
  if (existsSync(builtPage) && statSync(builtPage).mtimeMs >= newestSourceMs()) return;
  process.stdout.write('Building the web console (once, about ten seconds) … ');
  const startedMs = performance.now();
  // Loaded only when needed: an installation that carries a built console need not have Vite.
  const { build } = await import('vite');
  await build({ root: join(root, 'src/console'), configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
  process.stdout.write(`done in ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
};

await ensureConsole();
