import { createServer } from 'node:net';
import { devNull } from 'node:os';
import { createLog, openDatabase } from '../../platform/index.ts';
import { type Config, databaseFile, readConfig } from '../config.ts';
import { print, stopOnSignals } from '../lifecycle.ts';
import { openSecretBox } from '../secrets.ts';
import { type Serving, serve } from '../serve.ts';
import { readVersion } from '../version.ts';
import { claimDemoFolder, type DemoFolder, type DemoNotes } from './folder.ts';
import { seedDemo } from './seed.ts';
import { startTrickle } from './trickle.ts';

const DAYS_MAX = 90;

export type DemoOptions = {
  /** Days of traffic before now: a whole number from 1 to 90. */
  readonly days: number;
  /** Without the trickle of new requests. */
  readonly isQuiet: boolean;
};

/** Shows Remit with a made-up organisation on a folder of its own, with simulated answers, until it is told to stop. */
export const runDemo = async ({ days, isQuiet }: DemoOptions): Promise<void> => {
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX)
    throw new Error(`--days is a whole number from 1 to ${DAYS_MAX}`);
  const { env } = process;
  const settings = settingsOf(env);
  const probe = readConfig(settings);
  await findPortFree(probe);
  const folder = await claimDemoFolder(env.REMIT_DATA_DIR || undefined);
  const config = readConfig({ ...settings, REMIT_DATA_DIR: folder.path });
  try {
    const notes = folder.notes ?? (await fill(folder, config, days));
    const serving = await serve(config, readVersion());
    announce(serving, { notes, folder });
    const endTrickle = isQuiet ? () => {} : startTrickle(serving.url, notes.trickleKeys);
    stopOnSignals({
      log: serving.log,
      stop: async () => {
        endTrickle();
        await serving.stop();
        await folder.leave();
      },
    });
  } catch (error) {
    await folder.leave();
    throw error;
  }
};

// The demonstration never meets a real provider, a real database or the configuration of a real installation.
const LEFT_OUT: ReadonlySet<string> = new Set([
  'ANTHROPIC_API_KEY',
  'REMIT_CONFIG',
  'REMIT_DATABASE_URL',
  'REMIT_UPSTREAM_URL',
  'REMIT_UPSTREAM_KEY',
]);

type Env = Readonly<Record<string, string | undefined>>;

const settingsOf = (env: Env): Env => ({
  // Nobody looks after a demonstration: that it has no mail server, for one, is no news.
  REMIT_LOG_LEVEL: 'error',
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !LEFT_OUT.has(name))),
  REMIT_CONFIG: devNull,
});

/** Finds out before the long part whether the port can be had; rejects with EADDRINUSE and the like. */
const findPortFree = ({ server: { host, port } }: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });

const fill = async (folder: DemoFolder, config: Config, days: number): Promise<DemoNotes> => {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s`;
  print('Making the demonstration (about ten seconds):');
  const log = createLog(config.server.log_level);
  const onError = (error: Error) => log.error({ err: error }, 'the database reported trouble');
  const database = await openDatabase({ file: databaseFile(config), onError, journalPaceMs: 0 });
  try {
    const notes = await seedDemo({
      database,
      secrets: await openSecretBox(config, database, log),
      log,
      now: Date.now(),
      days,
      node: config.server.node_name,
      progress: (text) => print(`  ${seconds()}  ${text}`),
    });
    await folder.finish(notes);
    return notes;
  } finally {
    await database.close();
  }
};

type Shown = { readonly notes: DemoNotes; readonly folder: DemoFolder };

const announce = ({ url }: Serving, { notes, folder }: Shown): void => {
  const { owner, admin, member, personalKey } = notes;
  const account = (role: string, { email, password }: typeof owner) =>
    `  ${role.padEnd(8)} ${email.padEnd(46)} ${password}`;
  print(`
Remit's demonstration is serving at ${url}
Northwind Robotics is made up, and every answer is SIMULATED: no provider is asked and nothing costs money.

Sign in to the console:
${account('owner', owner)}
${account('admin', admin)}
${account('member', member)}

Claude Code as ${member.name}:
  export ANTHROPIC_BASE_URL=${url}
  export ANTHROPIC_AUTH_TOKEN=${personalKey}

The data is in ${folder.path} and ${folder.isKept ? 'stays there' : 'is removed at the end'}. Stop with Ctrl-C.`);
};
