type CallFrame = { functionName: string; url: string; lineNumber: number };

/** The part of V8's `.cpuprofile` that self times are made of; times in microseconds of the monotonic clock. */
export type CpuProfile = {
  nodes: readonly { id: number; callFrame: CallFrame }[];
  startTime: number;
  samples: readonly number[];
  timeDeltas: readonly number[];
};

/** Time spent in one function itself, or in all functions of one file. */
export type SelfTime = { name: string; micros: number };

/** Self times between two moments of the monotonic clock: by function, by file, and their sum without idling. */
export type SelfTimes = { functions: SelfTime[]; files: SelfTime[]; busyMicros: number };

const IDLE = '(idle)';

const shorten = (url: string): string =>
  url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/src\//, 'src/');

const nameOf = ({ functionName, url, lineNumber }: CallFrame): string =>
  `${functionName || '(anonymous)'}${url === '' ? '' : `  ${shorten(url)}:${lineNumber + 1}`}`;

const fileOf = ({ functionName, url }: CallFrame): string =>
  url !== '' ? shorten(url) : functionName.startsWith('(') ? functionName : '(native code)';

const descending = (times: ReadonlyMap<string, number>): SelfTime[] =>
  [...times].map(([name, micros]) => ({ name, micros })).sort((a, b) => b.micros - a.micros);

/** Sums a profile's samples within [from, to]. */
export const selfTimes = (profile: CpuProfile, from: number, to: number): SelfTimes => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let at = profile.startTime;
  let busyMicros = 0;
  for (const [index, id] of profile.samples.entries()) {
    at += profile.timeDeltas[index] ?? 0;
    // A sample stands for the time until the next one.
    const micros = profile.timeDeltas[index + 1] ?? 0;
    const frame = frames.get(id);
    if (frame === undefined || at < from || at > to || frame.functionName === IDLE) continue;
    functions.set(nameOf(frame), (functions.get(nameOf(frame)) ?? 0) + micros);
    files.set(fileOf(frame), (files.get(fileOf(frame)) ?? 0) + micros);
    busyMicros += micros;
  }
  return { functions: descending(functions), files: descending(files), busyMicros };
};
