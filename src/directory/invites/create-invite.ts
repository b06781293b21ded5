import type { NewActivity } from '../../activity/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { emailKey } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { checkInvite, type NewInvite, readInviteFacts } from './check-invite.ts';
import { inviteStore, type StoredInvite } from './store.ts';

const DAY_MS = 24 * 3600 * 1000;

/** How long an invite can be accepted (organisation APIs §1.3). */
export const INVITE_LIFETIME_MS = 21 * DAY_MS;

/** An invite and the token of its link, which is stored as a hash and shown this once. */
type NewLink = { readonly invite: StoredInvite; readonly token: string };

/** The same, and whether the link is on its way to them by e-mail. */
export type SentInvite = NewLink & { readonly isEmailed: boolean };

/** Invites somebody; refuses what `checkInvite` refuses. */
export const createInvite =
  (deps: DirectoryDeps) =>
  async (wanted: NewInvite, by: Doer): Promise<SentInvite> => {
    const [result] = await createInvites(deps)([wanted], by);
    if (result === undefined) throw new Error('one invite was asked for');
    if ('refusal' in result) throw result.refusal;
    return result.sent;
  };

/** What became of one line of a bulk invite. */
export type BulkResult =
  | { readonly email: string; readonly sent: SentInvite }
  | { readonly email: string; readonly refusal: Refusal };

type LineResult =
  | { readonly email: string; readonly sent: NewLink }
  | { readonly email: string; readonly refusal: Refusal };

/** Invites many in one change; a line that is refused says why and keeps no other back. Answers a result per line. */
export const createInvites =
  (deps: DirectoryDeps) =>
  (wanted: readonly NewInvite[], by: Doer): Promise<readonly BulkResult[]> =>
    changeInTurn(deps.database, async (sql) => {
      const facts = await readInviteFacts(sql, wanted, { by, now: deps.now(), limits: deps.limits });
      const results = wanted.map((line): LineResult => {
        const { email } = line;
        try {
          checkInvite(facts, line, by);
        } catch (error) {
          if (error instanceof Refusal) return { email, refusal: error };
          throw error;
        }
        const sent = newInvite(deps, line, by);
        facts.room.left -= 1;
        facts.pending.set(sent.invite.email_key, sent.invite.id);
        return { email, sent };
      });
      const links = results.flatMap((result) => ('sent' in result ? [result.sent] : []));
      const invites = links.map(({ invite }) => invite);
      await inviteStore(sql).insert(invites);
      await deps.record(sql, by, ...invites.map(wasSent));
      const isEmailed = await mailLinks(deps, sql, links);
      return results.map((result) => ('sent' in result ? { ...result, sent: { ...result.sent, isEmailed } } : result));
    });

/** Puts links on their way by e-mail, if there is one. */
export const mailLinks = async (
  { mailInvites }: Pick<DirectoryDeps, 'mailInvites'>,
  sql: Sql,
  links: readonly NewLink[],
): Promise<boolean> =>
  mailInvites !== undefined &&
  (await mailInvites(
    sql,
    links.map(({ invite: { id, email, expires_at: expiresAt }, token }) => ({ id, email, token, expiresAt })),
  ));

const newInvite = ({ now, newId }: DirectoryDeps, { email, role, groupIds }: NewInvite, by: Doer): NewLink => {
  const token = newSecret();
  const at = now();
  const invite: StoredInvite = {
    id: newId('invite'),
    email: email.trim(),
    email_key: emailKey(email),
    role,
    rbac_group_ids: JSON.stringify(groupIds),
    secret_hash: hashSecret(token),
    invited_by: by.who.kind === 'member' ? by.who.userId : null,
    invited_at: at,
    expires_at: at + INVITE_LIFETIME_MS,
    accepted_at: null,
    deleted_at: null,
  };
  return { invite, token };
};

const wasSent = (invite: StoredInvite): NewActivity => ({
  type: 'org_user_invite_sent',
  invited_email: invite.email,
  invited_role: invite.role,
  invited_seat_tier: null,
  invited_rbac_group_ids: JSON.parse(invite.rbac_group_ids) as string[],
});
