/** `adjustment` is what somebody sets right, up or down. */
export type OrderKind = 'purchase' | 'auto_reload' | 'adjustment';

/** The tables of what is prepaid. The balance is what all orders add up to, less what the ledger counts in its account. */
export type PrepaidTables = {
  spend_orders: {
    id: string;
    kind: OrderKind;
    amount_micros: number;
    created_at: number;
    /** The member or the key that made it; null for Remit itself. */
    created_by: string | null;
    note: string | null;
  };
  /** One row: whether spend counts against the balance, and when credit is bought, as JSON. */
  prepaid_settings: { singleton: number; settings: string };
};
