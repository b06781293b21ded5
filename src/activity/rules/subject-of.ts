import type { NewActivity } from './vocabulary.ts';

/** Fields that name what an activity is about, the most telling first: a role given to a member is about the member. */
const SUBJECT_FIELDS = [
  'deleted_user_id',
  'user_id',
  'new_owner_id',
  'invite_id',
  'principal_id',
  'group_id',
  'role_id',
  'api_key_id',
  'workspace_id',
  'admin_api_key_id',
  'service_key_id',
  'mcp_server_id',
  'requester_user_id',
  'scope_id',
  'rerating_id',
] as const;

/** The id of what an activity is about; null when it is about no one thing. */
export const subjectOf = (activity: NewActivity): string | null => {
  const fields: Readonly<Record<string, unknown>> = activity;
  for (const name of SUBJECT_FIELDS) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return null;
};
