import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, ready } from '../processes/ports.ts';
import type { StartVariant } from './variant.ts';

const entry = fileURLToPath(new URL('./floor-program.ts', import.meta.url));

/** Remit's way in, out and to the disk, with everything between left out: what lies above it is what the product costs. */
export const startFloor: StartVariant = async ({ processes, upstreamPort }) => {
  const port = await freePort();
  const program = processes.start({
    name: `floor-${port}`,
    command: process.execPath,
    arguments: ['--max-semi-space-size=16', '--no-allocation-site-pretenuring', entry],
    environment: {
      PORT: String(port),
      UPSTREAM_PORT: String(upstreamPort),
      DATA_FILE: join(processes.folder, `floor-${port}.sqlite`),
    },
  });
  await ready(program, `http://127.0.0.1:${port}/bench-ready`, (status) => status === 204);
  return {
    name: 'floor',
    about: 'Remit’s reader, connections and two durable rows; nothing recognised, read, decided or metered',
    port,
    headers: { 'x-api-key': 'sk-ant-api03-bench' },
    program,
  };
};
