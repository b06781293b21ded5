import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { createRecorder, gatewayMigrations } from '../../gateway/index.ts';
import { type Database, type Log, migrate, newSecret, type SecretBox } from '../../platform/index.ts';
import {
  createPricing,
  createTypicalOutput,
  DEFAULT_PRICE_BOOK,
  openLedger,
  spendMigrations,
} from '../../spend/index.ts';
import { storeCalls } from './connectors.ts';
import type { DemoNotes } from './folder.ts';
import { setMoneyRules } from './money.ts';
import { liveThroughMonth } from './month.ts';
import { openOffice } from './office.ts';
import { MEMBERS, SHOWN } from './organisation.ts';
import { createRandom } from './random.ts';
import { DAY_MS } from './schedule.ts';
import { type DemoKey, type Passwords, setUpOrganisation } from './set-up.ts';
import { drawTraffic } from './traffic.ts';
import type { Exchange } from './world.ts';

/** The seed of everything in the demonstration that chance decides; secrets are not among it. */
const SEED = 20_261_123;

/** How long the organisation existed before the first request that is shown. */
const PAST_DAYS = 45;

const CHUNK = 2500;

export type SeedOptions = {
  readonly database: Database;
  /** The box the filled database is going to be served with. */
  readonly secrets: SecretBox;
  readonly log: Log;
  readonly now: number;
  /** Days of traffic up to `now`. */
  readonly days: number;
  /** The node in whose name requests are recorded. */
  readonly node: string;
  /** Hears a sentence about each step. */
  readonly progress: (text: string) => void;
};

const newPasswords = (): Passwords => {
  const make = (who: string) => `northwind-${who}-${newSecret().replace(/[-_]/g, '').slice(0, 8)}`;
  return { owner: make('owner'), admin: make('admin'), member: make('member') };
};

/** Fills a new database with the demonstration: the organisation first, then its requests. */
export const seedDemo = async (options: SeedOptions): Promise<DemoNotes> => {
  const { database, secrets, log, now, days, progress } = options;
  await migrate(database, [
    ...activityMigrations,
    ...directoryMigrations,
    ...accessMigrations,
    ...spendMigrations,
    ...gatewayMigrations,
  ]);
  const passwords = newPasswords();
  const random = createRandom(SEED);
  const office = await openOffice({ database, secrets, log, random, startsAt: now - (days + PAST_DAYS) * DAY_MS });
  try {
    const setUp = await setUpOrganisation(office, passwords);
    const { keys } = setUp;
    progress(`${MEMBERS.length} members, their groups, roles and ${keys.length} keys are there`);
    await liveThroughMonth(office, setUp, { now, random });
    progress('a month of changes and sign-ins is in the feed');
    const traffic = drawTraffic({ snapshot: office.policy.current(), keys, now, days, seed: SEED });
    progress(`${traffic.length} requests of ${days} days are decided`);
    await storeTraffic(options, traffic);
    const calls = await storeCalls({ database, office, keys, random, now, days, node: options.node });
    progress(`${calls} calls of connectors are stored`);
    await setMoneyRules(office, setUp, now);
    progress('limits, a rate tier and requests for more are set around what was spent');
    return notesOf(keys, passwords);
  } finally {
    await office.close();
  }
};

const storeTraffic = async ({ database, node, progress }: SeedOptions, traffic: readonly Exchange[]): Promise<void> => {
  const failures: Error[] = [];
  const pricing = createPricing(DEFAULT_PRICE_BOOK);
  const recorder = createRecorder({
    journal: database.journal,
    pricing: () => pricing,
    node,
    ledger: await openLedger({ database, node, now: Date.now }),
    typicalOutput: createTypicalOutput(),
    lost: (_, error) => failures.push(error),
    expired: () => undefined,
  });
  for (let start = 0; start < traffic.length; start += CHUNK) {
    for (const { decided, ending } of traffic.slice(start, start + CHUNK)) {
      recorder.decided(decided, (error) => error && failures.push(error));
      if (ending !== null) recorder.ended(decided, ending);
    }
    await database.journal.flush();
    if (failures[0] !== undefined) throw failures[0];
    progress(`${Math.min(start + CHUNK, traffic.length)} of ${traffic.length} requests are stored`);
  }
};

const accountOf = (name: string, password: string) => ({
  name,
  password,
  email: MEMBERS.find((member) => member.name === name)?.email ?? '',
});

const TRICKLE_FROM: readonly string[] = [SHOWN.member, 'Tomasz Wierzbicki', 'Jonas Keller', 'Aisha Siddiqui'];

const secretOf = (keys: readonly DemoKey[], name: string): readonly string[] =>
  keys.flatMap(({ owner, secret }) => (owner.kind === 'member' && owner.member.name === name ? [secret] : []));

const notesOf = (keys: readonly DemoKey[], passwords: Passwords): DemoNotes => ({
  owner: accountOf(SHOWN.owner, passwords.owner),
  admin: accountOf(SHOWN.admin, passwords.admin),
  member: accountOf(SHOWN.member, passwords.member),
  personalKey: secretOf(keys, SHOWN.member)[0] ?? '',
  trickleKeys: TRICKLE_FROM.flatMap((name) => secretOf(keys, name)),
});
