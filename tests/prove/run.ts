import { proveKills } from './kill.ts';

/** The long forms of the proofs: `npm run prove [kills]`. Prints counts; ends with 1 when something was lost. */

const print = (text: string) => process.stdout.write(`${text}\n`);

const kills = Number(process.argv[2] ?? 50);
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
    `  ${report.kills} kills in ${Math.round((Date.now() - startedAt) / 1000)} s`,
    `  ${report.sent} requests sent, ${report.seen} answers begun, ${report.cut} of them cut off by a kill`,
    `  ${report.rows} rows, ${report.interrupted} closed with an estimate after a restart`,
    `  answers without a row: ${report.lost.length}`,
    `  forwarded requests without usage: ${report.open.length}`,
  ].join('\n'),
);
for (const id of [...report.lost, ...report.open].slice(0, 20)) print(`    ${id}`);
process.exitCode = report.lost.length + report.open.length === 0 && report.cut > 0 ? 0 : 1;
