import type { Policy } from '../access/index.ts';
import type { RecordActivity } from '../activity/index.ts';
import type { ChangePolicy } from '../directory/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { Database } from '../platform/index.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { SpendPolicy } from './limits/spend-policy.ts';
import type { SpendNotices } from './notices-seam.ts';
import type { RateLimits } from './rates/open-rates.ts';

/** What the operations of the room need. */
export type SpendDeps = {
  readonly database: Database;
  /** Who is in which group, and the models. */
  readonly policy: Policy;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
  readonly spendPolicy: SpendPolicy;
  readonly ledger: Ledger;
  /** Who tells people; nobody where it is left out. */
  readonly notices?: SpendNotices;
  readonly rates: RateLimits;
  readonly now: () => number;
  readonly newId: NewId;
};
