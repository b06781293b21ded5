#!/usr/bin/env -S node --max-semi-space-size=16 --no-allocation-site-pretenuring
// The two options are for `remit serve` (docs/adr/0002); other commands are over before they matter.
const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(`Remit needs Node.js ${NODE_MAJOR_MIN} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}
await import('./compile-cache.js');
await import('../src/cli/main.ts');
