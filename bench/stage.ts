import type { Surroundings } from './measure.ts';
import { createProcesses, type Processes } from './processes/processes.ts';
import { startLoader, startUpstream } from './processes/traffic-process.ts';
import { MODEL } from './traffic/bodies.ts';
import type { Stage } from './variants/variant.ts';

/** Signals that end a run early; every process is ended before this one is. */
const endOnSignals = (processes: Processes): void => {
  const end = (status: number) => () => {
    processes.killAll();
    process.exit(status);
  };
  process.once('SIGINT', end(130));
  process.once('SIGTERM', end(143));
  process.once('exit', () => processes.killAll());
};

/** Starts upstream and loader and takes care that all processes end with `end`, with a signal, or with this process. */
export const setStage = async (
  manyRoles: number,
): Promise<{ stage: Stage; around: Surroundings; end(): Promise<void> }> => {
  const processes = createProcesses();
  endOnSignals(processes);
  const around = { upstream: startUpstream(processes), loader: startLoader(processes) };
  const { port } = await around.upstream.ask({ kind: 'listen', model: MODEL });
  return { stage: { processes, upstreamPort: port, manyRoles }, around, end: () => processes.endAll() };
};
