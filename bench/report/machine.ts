import { cpus, loadavg, release, totalmem } from 'node:os';

/** What a figure depends on besides the program: kept with every result. */
export type Machine = { cpu: string; cores: number; memoryBytes: number; kernel: string; node: string; load: number };

/** Describes this machine and how busy it was in the last minute. */
export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.version,
  load: loadavg()[0] ?? 0,
});
