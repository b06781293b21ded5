/** How a message travels. */
export type DeliveryChannel = 'mail' | 'webhook' | 'slack';

/** `due`: waiting for its (next) try; `failed`: given up. */
export type DeliveryState = 'due' | 'delivered' | 'failed';

/** The outbox's tables. Times are epoch milliseconds, UTC. */
export type OutboxTables = {
  outbox_notices: {
    id: string;
    /** Names the event: a second notice of the same event is not written. */
    key: string;
    kind: string;
    subject: string;
    created_at: number;
  };
  outbox_deliveries: {
    id: string;
    notice_id: string;
    channel: DeliveryChannel;
    /** An e-mail address, or the id of what is posted to. */
    target: string;
    state: DeliveryState;
    /** How often it was tried, with the try under way. */
    attempts: number;
    next_try_at: number;
    /** Until then it belongs to the node that claimed it under `lease`. */
    leased_until: number;
    lease: string | null;
    /** What the other side said last, or why it was not reached. */
    answer: string | null;
    /** Sealed JSON: what is sent. Null once it is delivered. */
    content: string | null;
    created_at: number;
    delivered_at: number | null;
  };
};
