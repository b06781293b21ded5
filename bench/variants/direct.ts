import type { StartVariant } from './variant.ts';

/** No gateway: the loader talks to the upstream. Its figures are the ceiling of this harness. */
export const startDirect: StartVariant = async ({ upstreamPort }) => ({
  name: 'direct',
  about: 'loader and upstream without anything between',
  port: upstreamPort,
  headers: { 'x-api-key': 'sk-ant-api03-bench' },
  program: undefined,
});
