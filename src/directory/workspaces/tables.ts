/** A member's role in one workspace, by the names of the Admin API. */
export type WorkspaceRole =
  | 'workspace_user'
  | 'workspace_developer'
  | 'workspace_restricted_developer'
  | 'workspace_admin'
  | 'workspace_billing';

/** Tables of the workspaces' part. Times are epoch milliseconds, UTC; booleans are 0 or 1. */
export type WorkspaceTables = {
  workspaces: {
    id: string;
    name: string;
    /** The organisation's own workspace, which everybody is in and nobody can change. */
    is_default: number;
    display_color: string;
    /** JSON: a `DataResidency`. */
    data_residency: string;
    /** JSON: tags by their keys. */
    tags: string;
    created_at: number;
    archived_at: number | null;
  };
  workspace_members: { workspace_id: string; user_id: string; workspace_role: WorkspaceRole; created_at: number };
};
