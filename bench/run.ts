import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Options, readOptions } from './options.ts';
import { describeMachine, type Machine } from './report/machine.ts';
import { scenarioTable, verdictTable } from './report/print.ts';
import { judgeTargets, type Verdict } from './report/targets.ts';
import { type Findings, runSession } from './session.ts';
import { setStage } from './stage.ts';
import { nginxVersion } from './variants/nginx.ts';

/** Load of other programs above which ratios begin to wander on a small machine. */
const BUSY_LOAD = 0.7;

const QUICK = 'A quick run shows that everything works; it is too short and too small to judge targets.';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const save = (options: Options, machine: Machine, found: Findings & { verdicts: readonly Verdict[] }): string => {
  const folder = fileURLToPath(new URL('./results', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = `${folder}/${at.replaceAll(':', '-').slice(0, 19)}-${options.mode}.json`;
  const { mode, rounds, secondsPerRound, openStreams, manyRoles } = options;
  const settings = { mode, rounds, secondsPerRound, openStreams, manyRoles };
  const { rounds: figures, ...rest } = found;
  writeFileSync(file, `${JSON.stringify({ at, machine, settings, ...rest, figures }, null, 1)}\n`);
  return file;
};

const print = (options: Options, machine: Machine, found: Findings & { verdicts: readonly Verdict[] }): void => {
  const lines = [
    `${machine.cores} × ${machine.cpu}, Linux ${machine.kernel}, Node ${machine.node}, load before ${machine.load.toFixed(2)}`,
    `${options.rounds} rounds of ${options.secondsPerRound} s, ${options.openStreams} open streams, ${options.manyRoles} roles; median (lowest–highest round)`,
    ...Object.entries(found.about).map(([name, about]) => `  ${name}: ${about}`),
    ...options.scenarios.flatMap((scenario) => ['', ...scenarioTable(found.rounds, scenario)]),
    '',
    ...(options.mode === 'quick' ? [QUICK] : verdictTable(found.verdicts)),
    ...(found.remarks.length > 0 ? ['', 'Remarks'] : []),
    ...found.remarks.map(({ variant, scenario, sentence }) => `  ${variant}, ${scenario}: ${sentence}`),
  ];
  console.log(lines.join('\n'));
};

const run = async (options: Options): Promise<number> => {
  const machine = describeMachine();
  if (machine.load > BUSY_LOAD) say(`This machine is busy (load ${machine.load.toFixed(2)}): trust ratios only.`);
  const { stage, around, end } = await setStage(options.manyRoles);
  try {
    const findings = await runSession({ stage, around, options, say });
    const found = { ...findings, verdicts: judgeTargets(findings.rounds) };
    print(options, machine, found);
    console.log(`\nwritten: ${save(options, machine, found)}`);
    const hasMissed = options.mode !== 'quick' && found.verdicts.some(({ outcome }) => outcome === 'missed');
    const hasFailed = found.remarks.some(({ isFailure }) => isFailure);
    return hasFailed || (options.failOnMissedTarget && hasMissed) ? 1 : 0;
  } finally {
    await end();
  }
};

const start = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return 0;
  if (options.variants.includes('nginx') && nginxVersion() === undefined) {
    say('The benchmark compares with nginx, which is not installed: apt-get install nginx-light');
    return 1;
  }
  return run(options);
};

start().then(
  (status) => process.exit(status),
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
