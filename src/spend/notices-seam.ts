import type { Micros, Period } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';

/** What people are told of, within the transaction in which it happens. Whoever sends messages provides it. */
export type SpendNotices = {
  /** A request for more was approved or denied; not called where whoever decided wants no message. */
  decided(
    sql: Sql,
    decision: {
      readonly requestId: string;
      readonly userId: string;
      readonly state: 'approved' | 'denied';
      readonly amountMicros: Micros | null;
      readonly period: Period;
    },
  ): Promise<void>;
  /** Credit was bought. */
  ordered(
    sql: Sql,
    order: { readonly orderId: string; readonly amountMicros: Micros; readonly kind: 'auto_reload' | 'purchase' },
  ): Promise<void>;
};
