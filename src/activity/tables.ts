/** The room's table: append-only, its rows stand in the order of their ids, which is the order of time. */
export type ActivityTables = {
  activities: {
    id: string;
    created_at: number;
    type: string;
    /** The member, key or directory behind it; null where nobody is known. */
    actor_id: string | null;
    /** JSON: the actor as the Compliance API shows one. */
    actor: string;
    /** The id of what it happened to, when the activity is about one thing. */
    subject_id: string | null;
    request_id: string | null;
    /** JSON: the fields of the type. */
    fields: string;
  };
};
