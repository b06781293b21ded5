import type { MultiGroup } from './limit.ts';

/** What happens to requests while the store that holds the ledger cannot be reached. */
export type StoreOutage = { readonly mode: 'closed' | 'open'; readonly graceSeconds: number };

/** What is not about one limit. */
export type SpendSettings = {
  readonly multiGroup: MultiGroup;
  /** Whether members may ask for more. */
  readonly takesRequests: boolean;
  readonly outage: StoreOutage;
  /** Percent of a limit at which people are told, ascending. */
  readonly thresholds: readonly number[];
  /** Where members who need more are sent instead of, or beside, asking here. */
  readonly askForMore: { readonly url: string | null; readonly sentence: string | null };
};

/** What holds until an administrator says otherwise. */
export const DEFAULT_SETTINGS: SpendSettings = {
  multiGroup: 'lower',
  takesRequests: true,
  outage: { mode: 'closed', graceSeconds: 60 },
  thresholds: [50, 75, 90, 95, 100],
  askForMore: { url: null, sentence: null },
};
