/** The part's tables. Times are epoch milliseconds, UTC; booleans are 0 or 1. */
export type NoticeTables = {
  /** How far something has been told: the highest threshold of a limit in a window, the day of a digest. It only rises. */
  notice_marks: { key: string; value: number; marked_at: number };
  notice_channels: {
    id: string;
    kind: 'webhook' | 'slack';
    name: string;
    /** Shown: what it posts to, without what might be a secret. */
    host: string;
    sealed_url: string;
    /** What posts are signed with; null for Slack. */
    sealed_secret: string | null;
    is_enabled: number;
    /** JSON: the events it is told of. */
    events: string;
    /** Whether it also hears of single members' limits. */
    about_members: number;
    created_at: number;
    updated_at: number;
  };
  /** One row, or none while nothing has been changed. `settings` is JSON. */
  notice_settings: { singleton: number; settings: string };
};
