import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, ready } from '../processes/ports.ts';
import type { StartVariant } from './variant.ts';

const PACKAGE = '@portkey-ai/gateway';
const VERSION = '1.15.2';
const INSTALL_SECONDS_MAX = 180;

const cache = fileURLToPath(new URL('../../.cache/portkey', import.meta.url));
const repair = new URL('./portkey-repair.ts', import.meta.url).href;
const entry = join(cache, 'node_modules', PACKAGE, 'build', 'start-server.js');

const isInstalled = (): boolean => existsSync(entry);

// Its own folder and no lock file: the product must not come to depend on what it is compared with.
const install = (): Promise<unknown> =>
  promisify(execFile)(
    'npm',
    ['install', '--prefix', cache, '--no-save', '--no-package-lock', '--ignore-scripts', `${PACKAGE}@${VERSION}`],
    { timeout: INSTALL_SECONDS_MAX * 1000 },
  );

/** Portkey's open-source gateway, installed on demand, as a plain route to an Anthropic provider at the upstream's address. */
export const startPortkey: StartVariant = async ({ processes, upstreamPort }) => {
  if (!isInstalled()) await install();
  const port = await freePort();
  const program = processes.start({
    name: `portkey-${port}`,
    command: process.execPath,
    arguments: ['--import', repair, entry, `--port=${port}`, '--headless'],
    environment: { NODE_ENV: 'production' },
    folder: cache,
  });
  await ready(program, `http://127.0.0.1:${port}/`, (status) => status === 200);
  return {
    name: 'portkey',
    about: `${PACKAGE} ${VERSION}, headless, provider anthropic, no cache, no guardrails, streaming repaired`,
    port,
    headers: {
      'x-api-key': 'sk-ant-api03-bench',
      authorization: 'Bearer sk-ant-api03-bench',
      'x-portkey-provider': 'anthropic',
      'x-portkey-custom-host': `http://127.0.0.1:${upstreamPort}/v1`,
    },
    program,
  };
};
