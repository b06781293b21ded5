import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../support/postgres.ts';
import { fuzzScim } from './fuzz-scim.ts';
import { proveKills } from './kill.ts';
import { proveProvisioning } from './provision.ts';
import { proveSpending } from './spend.ts';

/**
 * The long forms of the proofs: `npm run prove [kills|fuzz|provision|spend|ledger] [how many]`; all of them without a name. Prints
 * figures; ends with 1 when something was lost.
 */

const print = (text: string) => process.stdout.write(`${text}\n`);

const seconds = (since: number): number => Math.round((Date.now() - since) / 1000);

const kill = async (kills: number): Promise<boolean> => {
  const startedAt = Date.now();
  print(`kill -9 at random moments under load, ${kills} times:`);
  const report = await proveKills({
    kills,
    onKill: (done, { seen, cut }) => {
      if (done % 5 === 0) print(`  ${done} kills, ${seen} answers begun, ${cut} cut off`);
    },
  });
  print(
    [
      `  ${report.kills} kills in ${seconds(startedAt)} s`,
      `  ${report.sent} requests sent, ${report.seen} answers begun, ${report.cut} of them cut off by a kill`,
      `  ${report.rows} rows, ${report.interrupted} closed with an estimate after a restart`,
      `  answers without a row: ${report.lost.length}`,
      `  forwarded requests without usage: ${report.open.length}`,
    ].join('\n'),
  );
  for (const id of [...report.lost, ...report.open].slice(0, 20)) print(`    ${id}`);
  return report.lost.length + report.open.length === 0 && report.cut > 0;
};

const fuzz = async (bodies: number): Promise<boolean> => {
  const startedAt = Date.now();
  print(`${bodies} SCIM bodies nobody would send:`);
  const onProgress = (sent: number) => print(`  ${sent} sent`);
  const { sent, statuses, faults, broken } = await fuzzScim({ bodies, onProgress });
  print(`  ${sent} in ${seconds(startedAt)} s; statuses ${JSON.stringify(statuses)}`);
  print(`  faults: ${faults.length}; what does not fit together: ${broken.length}`);
  for (const one of [...faults, ...broken].slice(0, 20)) print(`    ${one}`);
  return faults.length + broken.length === 0;
};

const rushOn = async (engine: 'sqlite' | 'postgres', rushes: number): Promise<boolean> => {
  const startedAt = Date.now();
  const where = engine === 'sqlite' ? 'a node on SQLite' : 'two nodes on PostgreSQL';
  print(`200 streams at once on a budget for 50, ${where}, ${rushes} times in each mode, every fifth with a kill -9:`);
  const all = await proveSpending({
    rushes,
    engine,
    onRush: (one) =>
      print(
        `  ${one.mode.padEnd(8)} overshoot ${one.overshootMicros} of at most ${one.boundMicros} µ$ (budget ${one.budgetMicros}); ${one.completed} completed, ${one.refused} refused, ${one.cut} cut off`,
      ),
  });
  const bad = all.filter(
    (one) => one.overshootMicros > one.boundMicros || one.heldMicros !== 0 || !one.addsUp || !one.goesOn,
  );
  const worst = Math.max(...all.map(({ overshootMicros, budgetMicros }) => (overshootMicros * 100) / budgetMicros));
  print(`  ${all.length} rushes in ${seconds(startedAt)} s; largest overshoot ${worst.toFixed(1)} % of the budget`);
  print(`  beyond the bound, money still held, counters that do not add up or false refusals: ${bad.length}`);
  return bad.length === 0;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const spendRushes = async (rushes: number): Promise<boolean> => {
  const onSqlite = await rushOn('sqlite', rushes);
  return (await rushOn('postgres', rushes)) && onSqlite;
};

/** The property test itself, with more runs than fit in a suite: the tenth part of them on PostgreSQL. */
const ledger = async (runs: number): Promise<boolean> => {
  const startedAt = Date.now();
  print(`${runs} random histories of a ledger on SQLite, ${Math.ceil(runs / 10)} of two nodes on PostgreSQL:`);
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'src/gateway/spend/ledger-properties.test.ts'],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, LEDGER_RUNS: String(runs) } },
  );
  print(`  done in ${seconds(startedAt)} s`);
  return status === 0;
};

const GROUP_MEMBERS_MAX = 20_000;

const provisionOn = async (users: number, databaseUrl?: string): Promise<boolean> => {
  const groupMembers = Math.min(users, GROUP_MEMBERS_MAX);
  const engine = databaseUrl === undefined ? 'SQLite' : 'PostgreSQL';
  print(`${users} people and a group of ${groupMembers} of them on ${engine}, while a member works:`);
  const report = await proveProvisioning({
    users,
    groupMembers,
    databaseUrl,
    onProgress: (text) => print(`  ${text}`),
  });
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const { gateway } = report;
  print(
    [
      `  people in ${Math.round(report.usersSeconds)} s (${Math.round(report.usersPerSecond)} a second), the group in ${report.groupSeconds.toFixed(1)} s`,
      `  one member changed in the full group: ${ms(report.onePatchMs)}; the last page of people: ${ms(report.lastPageMs)}; the whole group: ${ms(report.wholeGroupMs)}`,
      `  ${gateway.count} messages meanwhile: p50 ${ms(gateway.p50)}, p99 ${ms(gateway.p99)}, longest ${ms(gateway.max)}, failed ${gateway.failed}`,
      `  complete: ${report.isComplete}`,
    ].join('\n'),
  );
  return report.isComplete && gateway.failed === 0;
};

const provision = async (users: number): Promise<boolean> => {
  const isRight = await provisionOn(users);
  const server = await startPostgres();
  try {
    return (await provisionOn(users, await server.createDatabase())) && isRight;
  } finally {
    await server.stop();
  }
};

const PROOFS = {
  kills: { prove: kill, count: 50 },
  fuzz: { prove: fuzz, count: 100_000 },
  provision: { prove: provision, count: 50_000 },
  spend: { prove: spendRushes, count: 50 },
  ledger: { prove: ledger, count: 5_000 },
};

const isProof = (name: string): name is keyof typeof PROOFS => Object.hasOwn(PROOFS, name);

const [wanted = '', count] = process.argv.slice(2);
const names = isProof(wanted) ? [wanted] : (Object.keys(PROOFS) as (keyof typeof PROOFS)[]);
for (const name of names) {
  const { prove, count: usual } = PROOFS[name];
  if (!(await prove(Number(count ?? usual)))) process.exitCode = 1;
}
