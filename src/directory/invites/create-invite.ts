import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { emailKey } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { checkInvite, type NewInvite } from './check-invite.ts';
import { inviteStore, type StoredInvite } from './store.ts';

const DAY_MS = 24 * 3600 * 1000;

/** How long an invite can be accepted (organisation APIs §1.3). */
export const INVITE_LIFETIME_MS = 21 * DAY_MS;

/** An invite and the token of its link, which is stored as a hash and shown this once. */
export type SentInvite = { readonly invite: StoredInvite; readonly token: string };

/** Invites somebody; refuses what `checkInvite` refuses. */
export const createInvite =
  (deps: DirectoryDeps) =>
  (wanted: NewInvite, by: Doer): Promise<SentInvite> =>
    changeInTurn(deps.database, (sql) => sendInvite(deps, sql, wanted, by));

/** What became of one line of a bulk invite. */
export type BulkResult =
  | { readonly email: string; readonly sent: SentInvite }
  | { readonly email: string; readonly refusal: Refusal };

/** Invites many in one change; a line that is refused says why and keeps no other back. Answers a result per line. */
export const createInvites =
  (deps: DirectoryDeps) =>
  (wanted: readonly NewInvite[], by: Doer): Promise<readonly BulkResult[]> =>
    changeInTurn(deps.database, async (sql) => {
      const results: BulkResult[] = [];
      for (const line of wanted) {
        const { email } = line;
        try {
          results.push({ email, sent: await sendInvite(deps, sql, line, by) });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          results.push({ email, refusal: error });
        }
      }
      return results;
    });

const sendInvite = async (
  { record, now, newId }: DirectoryDeps,
  sql: Sql,
  wanted: NewInvite,
  by: Doer,
): Promise<SentInvite> => {
  const at = now();
  await checkInvite(sql, wanted, by, at);
  const token = newSecret();
  const invite: StoredInvite = {
    id: newId('invite'),
    email: wanted.email.trim(),
    email_key: emailKey(wanted.email),
    role: wanted.role,
    rbac_group_ids: JSON.stringify(wanted.groupIds),
    secret_hash: hashSecret(token),
    invited_by: by.who.kind === 'member' ? by.who.userId : null,
    invited_at: at,
    expires_at: at + INVITE_LIFETIME_MS,
    accepted_at: null,
    deleted_at: null,
  };
  await inviteStore(sql).insert([invite]);
  await record(sql, by, {
    type: 'org_user_invite_sent',
    invited_email: invite.email,
    invited_role: invite.role,
    invited_seat_tier: null,
    invited_rbac_group_ids: wanted.groupIds,
  });
  return { invite, token };
};
