import { forgetOldActivities } from '../activity/index.ts';
import { type DirectoryDeps, forgetExpired, forgetOldSyncs } from '../directory/index.ts';
import type { Job } from '../platform/index.ts';

/** How often the database is asked for batches whose turn it is; how often the provider is, depends on their age. */
const BATCHES_CHECKED_EVERY_SECONDS = 5;

/** Money that a dead node holds is given back within its reservation's time and this much more. */
const EXPIRED_CLOSED_EVERY_SECONDS = 30;

/** A re-rating that was interrupted goes on within this time. */
const RERATING_CONTINUED_EVERY_SECONDS = 30;
/** Counting the running day again takes a moment in which SQLite writes nothing else. */
const LEDGER_COUNTED_EVERY_SECONDS = 600;

/** Reports of a month of which a day has changed read its days until it is made anew. */
const MONTHS_KEPT_EVERY_SECONDS = 60;
const MONTHS_KEPT_AFTER_SECONDS = 20;

export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** An empty balance stops everybody, so that buying more must not wait for long. */
const BALANCE_CHECKED_EVERY_SECONDS = 5;

/** Start-up is for serving; what the provider offers beyond the catalogue can wait. */
const MODELS_DISCOVERED_AFTER_SECONDS = 60;

/** What the jobs do that is not the directory's own. */
export type JobDeps = {
  readonly directory: DirectoryDeps;
  readonly notices: readonly Job[];
  readonly stopRevoked: () => void;
  readonly checkBatches: () => Promise<void>;
  readonly forgetCalls: () => Promise<void>;
  readonly expireReservations: () => Promise<void>;
  readonly continueRerating: Job['run'];
  readonly watchLedger: () => Promise<void>;
  readonly keepMonths: Job['run'];
  readonly discover: () => Promise<void>;
  readonly forgetSignIns: () => Promise<void>;
  readonly tellMissedThresholds: () => Promise<void>;
  readonly reloadPrepaid: () => Promise<unknown>;
};

/** Everything this program does by the clock. */
export const listJobs = ({
  directory,
  notices,
  stopRevoked,
  checkBatches,
  forgetCalls,
  expireReservations,
  continueRerating,
  watchLedger,
  keepMonths,
  discover,
  forgetSignIns,
  tellMissedThresholds,
  reloadPrepaid,
}: JobDeps): readonly Job[] => [
  // Keys also end by themselves, when their time is over.
  { name: 'stop-revoked', everySeconds: 1, run: async () => stopRevoked() },
  { name: 'charge-batches', everySeconds: BATCHES_CHECKED_EVERY_SECONDS, run: checkBatches },
  { name: 'watch-ledger', everySeconds: LEDGER_COUNTED_EVERY_SECONDS, run: watchLedger },
  {
    name: 'keep-months',
    everySeconds: MONTHS_KEPT_EVERY_SECONDS,
    firstAfterSeconds: MONTHS_KEPT_AFTER_SECONDS,
    run: keepMonths,
  },
  { name: 'expire-reservations', everySeconds: EXPIRED_CLOSED_EVERY_SECONDS, run: expireReservations },
  // At once for what a crash has left unsaid; after that nothing should be found.
  { name: 'tell-missed-thresholds', everySeconds: HOUR_SECONDS, run: tellMissedThresholds },
  {
    name: 'reload-prepaid',
    everySeconds: BALANCE_CHECKED_EVERY_SECONDS,
    run: async () => {
      await reloadPrepaid();
    },
  },
  // Whoever books one starts it; this goes on with what a crash has left.
  { name: 'continue-rerating', everySeconds: RERATING_CONTINUED_EVERY_SECONDS, run: continueRerating },
  { name: 'forget-expired', everySeconds: HOUR_SECONDS, run: () => forgetExpired(directory) },
  { name: 'forget-device-sign-ins', everySeconds: HOUR_SECONDS, run: forgetSignIns },
  { name: 'forget-old-syncs', everySeconds: DAY_SECONDS, run: () => forgetOldSyncs(directory) },
  {
    name: 'forget-old-activities',
    everySeconds: DAY_SECONDS,
    run: () => forgetOldActivities(directory.database, directory.now()),
  },
  { name: 'forget-old-mcp-calls', everySeconds: DAY_SECONDS, run: forgetCalls },
  {
    name: 'discover-models',
    everySeconds: HOUR_SECONDS,
    firstAfterSeconds: MODELS_DISCOVERED_AFTER_SECONDS,
    run: discover,
  },
  ...notices,
];
