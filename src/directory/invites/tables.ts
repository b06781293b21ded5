import type { OrganisationRole } from '../../kernel/index.ts';

/** Tables of the invites' part. Times are epoch milliseconds, UTC. */
export type InviteTables = {
  invites: {
    id: string;
    email: string;
    email_key: string;
    role: OrganisationRole;
    /** JSON: the groups to put the member into. */
    rbac_group_ids: string;
    /** Of the token in the link that was sent last. */
    secret_hash: string;
    invited_by: string | null;
    invited_at: number;
    expires_at: number;
    accepted_at: number | null;
    deleted_at: number | null;
  };
  member_settings: {
    singleton: number;
    /** JSON: the only domains members may come from; null for any. */
    allowed_email_domains: string | null;
  };
};
