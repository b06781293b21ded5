import type { Period } from '../../kernel/index.ts';

/** `pending` ends in one of the others, for good. */
export type RequestStatus = 'pending' | 'approved' | 'denied';

/** The tables of requests for higher limits. */
export type RequestTables = {
  spend_limit_increase_requests: {
    id: string;
    user_id: string;
    period: Period;
    status: RequestStatus;
    created_at: number;
    resolved_at: number | null;
    /** The member or the key that resolved it. */
    resolved_by: string | null;
    /** What was approved. */
    amount_micros: number | null;
    spend_limit_id: string | null;
  };
};
