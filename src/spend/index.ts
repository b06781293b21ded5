export type { SpendDeps } from './deps.ts';
export { readPendingRequests } from './increase-requests/list-requests.ts';
export { readSums } from './ledger/counter-store.ts';
export { closeUnrecorded, findExpired, findUnrecorded, prolong } from './ledger/expired-reservations.ts';
export {
  appendedReservation,
  creditsOf,
  type End,
  type Ledger,
  movesOf,
  type Reservation,
  type Reserve,
  talliesOf,
  talliesOfHold,
  type Verdict,
} from './ledger/ledger.ts';
export { openLedger } from './ledger/open-ledger.ts';
export { readReservations } from './ledger/reservation-store.ts';
export { type Account, ORGANISATION, rememberStandingAccounts, standingAccounts } from './ledger/rules/account.ts';
export type { Refused, Standing } from './ledger/rules/admit.ts';
export { type Bounds, type Ceiling, isUnbounded, type LimitScope, UNBOUNDED } from './ledger/rules/ceiling.ts';
export { ladderOf } from './ledger/rules/ladder.ts';
export { rejectionHeaders, resetOf, usageLines } from './ledger/rules/limit-headers.ts';
export type { CounterMove } from './ledger/rules/settle.ts';
export { type WorstCost, worstCostOf } from './ledger/rules/worst-cost.ts';
export { REQUEST_HELD_MS, RESERVATIONS } from './ledger/tables.ts';
export { trueUp } from './ledger/true-up.ts';
export { createTypicalOutput, type TypicalOutput } from './ledger/typical-output.ts';
export { type Verification, verifyLedger } from './ledger/verify.ts';
export { openSpendPolicy } from './limits/open-spend-policy.ts';
export { reloadPrepaid } from './limits/prepaid/order-credit.ts';
export type { SpenderFacts, SpendPolicy } from './limits/spend-policy.ts';
export { spendMigrations } from './migrations.ts';
export { createKeepMonths } from './months/keep-months.ts';
export { type Crossing, type Notices, noticeRoutes, openNotices } from './notices/index.ts';
export { openPriceBook, type PricesInForce } from './prices/open-price-book.ts';
export { continueRerating, type ReratingDeps } from './prices/rerating/continue-rerating.ts';
export { priceRoutes } from './prices/routes.ts';
export type { RateGate, RateRefusal } from './rates/gate/rate-gate.ts';
export { FREE_TICKET, type RateTicket, type RateUsage } from './rates/gate/rate-ticket.ts';
export { openRates, type RateLimits } from './rates/open-rates.ts';
export { type Limiter, nounOf } from './rates/rules/limiter.ts';
export { monthlyCapOf } from './rates/rules/tiers.ts';
export { spendRoutes } from './routes.ts';
export type { Charge, ChargeQuestion } from './rules/charge.ts';
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
export { createPricing, type Pricing } from './rules/pricing.ts';
export {
  applyDelta,
  type MeteredMessage,
  NOTHING_METERED,
  startUsage,
  statesUsage,
  usageFromMessage,
} from './rules/read-usage.ts';
export { type Iteration, NO_USAGE, type TokenCounts, type Usage } from './rules/usage.ts';
export { type SpendTables, USAGE, type UsageOutcome, type UsageRow, usageValues } from './tables.ts';
export { createTellMissedThresholds } from './tell-missed-thresholds.ts';
