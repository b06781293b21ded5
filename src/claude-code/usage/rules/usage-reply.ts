import { MICROS_PER_CENT, type Micros, type Period } from '../../../kernel/index.ts';

/** What stands against a limit that binds a caller. `resetsAt`: epoch ms. */
export type LimitUsage = {
  readonly period: Period;
  readonly amountMicros: Micros;
  readonly spentMicros: Micros;
  readonly resetsAt: number;
};

/** What a member has spent in each period that runs. */
export type SpentBy = Readonly<Record<Period, Micros>>;

type Budget = {
  readonly monthly_limit: number | null;
  readonly used_credits: number;
  readonly utilization: number | null;
};

/** What Claude Code shows under `/usage` (gateway protocol, `GET /api/oauth/usage`); money in cents. */
export type UsageReply = {
  readonly extra_usage: Budget & {
    readonly is_enabled: boolean;
    readonly currency: 'USD';
    readonly daily: { readonly used_credits: number };
    readonly weekly: { readonly used_credits: number };
  };
  readonly limits: readonly {
    readonly kind: 'spend';
    readonly group: Period;
    readonly percent: number;
    readonly resets_at: string;
    readonly severity: 'normal' | 'critical';
    readonly is_active: boolean;
  }[];
};

const CRITICAL_PERCENT = 95;

const cents = (micros: Micros): number => Math.round(micros / MICROS_PER_CENT);

/** A limit of nothing is always reached. */
const percentOf = ({ amountMicros, spentMicros }: LimitUsage): number =>
  amountMicros <= 0 ? 100 : Math.floor((spentMicros / amountMicros) * 100);

/** The limits of a caller, the fullest of each period, as Claude Code reads them. */
export const usageReply = (usages: readonly LimitUsage[], spent: SpentBy): UsageReply => {
  const fullest = (['daily', 'weekly', 'monthly'] as const).flatMap(
    (period) => usages.filter((one) => one.period === period).toSorted((a, b) => percentOf(b) - percentOf(a))[0] ?? [],
  );
  const shown = fullest.toSorted((a, b) => percentOf(b) - percentOf(a))[0];
  return {
    extra_usage: {
      is_enabled: true,
      monthly_limit: shown === undefined ? null : cents(shown.amountMicros),
      used_credits: cents(shown === undefined ? spent.monthly : shown.spentMicros),
      utilization: shown === undefined ? null : percentOf(shown),
      currency: 'USD',
      daily: { used_credits: cents(spent.daily) },
      weekly: { used_credits: cents(spent.weekly) },
    },
    limits: fullest.map((usage) => ({
      kind: 'spend' as const,
      group: usage.period,
      percent: percentOf(usage),
      resets_at: new Date(usage.resetsAt).toISOString(),
      severity: percentOf(usage) >= CRITICAL_PERCENT ? ('critical' as const) : ('normal' as const),
      is_active: usage === shown,
    })),
  };
};
