import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { aimAt, measureRound, type Round, warmUp } from './measure.ts';
import { type CpuProfile, type SelfTime, selfTimes } from './report/cpu-profile.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { setStage } from './stage.ts';
import { FEW_ROLES, startRemitWith } from './variants/remit.ts';

const HELP = 'node bench/profile.ts [scenario=json-1k] [--seconds 8] [--top 40]';
const WARM_UP_SECONDS = 3;

type Wish = { scenario: Scenario; seconds: number; top: number };
type Span = { from: number; to: number };

const readWish = (): Wish => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '8' }, top: { type: 'string', default: '40' } },
  });
  const name = positionals[0] ?? 'json-1k';
  const driven = SCENARIOS.filter(({ drive }) => drive.kind !== 'hold');
  const scenario = driven.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`${HELP}\nscenarios: ${driven.map((each) => each.name).join(', ')}`);
  return { scenario, seconds: Number(values.seconds), top: Number(values.top) };
};

// V8 stamps samples with the clock that hrtime reads.
const nowMicros = (): number => Number(process.hrtime.bigint() / 1000n);

const printTimes = (
  title: string,
  times: readonly SelfTime[],
  { busy, requests }: { busy: number; requests: number },
): void => {
  console.log(`\n${title}\n    µs/request      %`);
  for (const { name, micros } of times)
    console.log(
      `${(micros / requests).toFixed(2).padStart(14)} ${((100 * micros) / busy).toFixed(1).padStart(6)}  ${name}`,
    );
};

const printProfile = (file: string, span: Span, { round, top }: { round: Round; top: number }): void => {
  const profile: CpuProfile = JSON.parse(readFileSync(file, 'utf8'));
  const { functions, files, busyMicros } = selfTimes(profile, span.from, span.to);
  if (busyMicros === 0) return;
  const per = { busy: busyMicros, requests: round.requests };
  printTimes('Self time by function', functions.slice(0, top), per);
  printTimes('Self time by file', files.slice(0, Math.ceil(top / 2)), per);
};

/** V8 writes one profile per thread when the process ends in good order; they are kept for a graphical viewer. */
const keepProfiles = (folder: string, scenario: string): string[] => {
  const kept = fileURLToPath(new URL('./results', import.meta.url));
  mkdirSync(kept, { recursive: true });
  return readdirSync(folder).map((name, thread) => {
    const file = join(kept, `${scenario}-${thread}.cpuprofile`);
    copyFileSync(join(folder, name), file);
    return file;
  });
};

const profile = async ({ scenario, seconds, top }: Wish): Promise<void> => {
  const { stage, around, end } = await setStage(FEW_ROLES);
  try {
    const folder = join(stage.processes.folder, 'profiles');
    mkdirSync(folder);
    const nodeArguments = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'];
    const variant = await startRemitWith(stage, { name: 'remit', roles: FEW_ROLES, nodeArguments });
    const { shot } = await aimAt(around, variant, scenario);
    await warmUp(around, shot, WARM_UP_SECONDS);
    const from = nowMicros();
    const round = await measureRound(around, shot, { round: 0, seconds });
    const span = { from, to: nowMicros() };
    await variant.program?.stop();
    const files = keepProfiles(folder, scenario.name);
    if (files.length === 0) throw new Error(`no profile was written: ${variant.program?.lastWords()}`);
    console.log(
      `${scenario.title}: ${round.requests} requests, ${round.cpuMicros?.toFixed(1)} µs CPU each (profiler included)`,
    );
    for (const file of files) printProfile(file, span, { round, top });
    console.log(`\nwritten: ${files.join(', ')}`);
  } finally {
    await end();
  }
};

try {
  await profile(readWish());
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
