#!/usr/bin/env -S node --max-semi-space-size=16 --no-allocation-site-pretenuring
// The two options are for `remit serve` (docs/adr/0002); other commands are over before they matter.
// Argon2 came with 24.7.
const NODE_MIN = { major: 24, minor: 7 };
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < NODE_MIN.major || (major === NODE_MIN.major && minor < NODE_MIN.minor)) {
  process.stderr.write(
    `Remit needs Node.js ${NODE_MIN.major}.${NODE_MIN.minor} or newer; this is ${process.versions.node}.\n`,
  );
  process.exit(1);
}
await import('./compile-cache.js');
await import('../src/cli/main.ts');
