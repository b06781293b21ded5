export type { SpendDeps } from './deps.ts';
export { readPendingRequests } from './increase-requests/list-requests.ts';
export { readSums, type Sums } from './ledger/counter-store.ts';
export { type Account, poolAccount, sessionAccount, standingAccounts, userAccount } from './ledger/rules/account.ts';
export {
  type Bounds,
  type Ceiling,
  type Included,
  type LadderStep,
  type LimitScope,
  UNBOUNDED,
} from './ledger/rules/ceiling.ts';
export { openSpendPolicy } from './limits/open-spend-policy.ts';
export type { SpenderFacts, SpendPolicy } from './limits/spend-policy.ts';
export { spendMigrations } from './migrations.ts';
export { openRates, type RateLimits } from './rates/open-rates.ts';
export { spendRoutes } from './routes.ts';
export { type Charge, type ChargeQuestion, createCharge } from './rules/charge.ts';
export { type Cost, type CostKind, type CostLine, type CostQuestion, costOf } from './rules/cost.ts';
export { estimateInputTokens, estimateUsage } from './rules/estimate.ts';
export {
  type Band,
  DEFAULT_PRICE_BOOK,
  type Price,
  type PriceBook,
  type PriceEntry,
  type Rates,
} from './rules/price-book.ts';
export type { PriceAnswer } from './rules/price-of.ts';
export { applyDelta, type MeteredMessage, NOTHING_METERED, startUsage, usageFromMessage } from './rules/read-usage.ts';
export { type Iteration, NO_USAGE, type TokenCounts, type Usage } from './rules/usage.ts';
export { type SpendTables, USAGE, type UsageOutcome, type UsageRow, usageValues } from './tables.ts';
