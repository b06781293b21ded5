import type { Processes, Program } from '../processes/processes.ts';

/** The ways a request can take to the upstream, in the order in which tables list them. */
export const VARIANTS = [
  'direct',
  'nginx',
  'floor',
  'remit',
  'remit-few',
  'remit-many',
  'remit-limits',
  'portkey',
] as const;
export type VariantName = (typeof VARIANTS)[number];

/** A way to the upstream that is ready for requests. `program` is undefined where nothing stands between. */
export type Variant = {
  name: VariantName;
  /** What exactly was measured, for the report: product, version, settings that matter. */
  about: string;
  port: number;
  headers: Readonly<Record<string, string>>;
  program: Program | undefined;
};

/** What every variant needs to start. `manyRoles` is the number of custom roles of `remit-many`. */
export type Stage = { processes: Processes; upstreamPort: number; manyRoles: number };

/** Starts a variant and waits until it answers; throws a sentence that says why it cannot. */
export type StartVariant = (stage: Stage) => Promise<Variant>;
