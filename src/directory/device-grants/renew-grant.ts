import type { Doer } from '../../kernel/index.ts';
import { hashSecret, type SecretBox } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { type Member, memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { placeOf } from '../sign-in/attempts.ts';
import { issueTokens, openTokens, type TokenLifetimes, type Tokens } from './issue-tokens.ts';
import { type RefreshToken, readRefreshToken } from './rules/tokens.ts';
import { deviceGrantStore, type StoredGrant } from './store.ts';

/**
 * For how long a refresh token that has been replaced gets the tokens that replaced it once more: an answer was lost on
 * its way, or two programs on one machine renewed at a time. It has to come from the same place.
 */
export const RENEWED_TWICE_MS = 60_000;

/** The next tokens of a device; null where it has to be signed in again. */
export type Renewed = { readonly member: Member; readonly tokens: Tokens } | null;

/**
 * Replaces the tokens of a device (RFC 6749 §6). Each refresh token counts once: one that comes back after it was replaced
 * gets nothing. The access token before stays good until its own end, for programs that share the device's sign-in and
 * have not read the new one yet.
 */
export const renewGrant =
  (deps: DirectoryDeps) =>
  async (refreshToken: string, lifetimes: TokenLifetimes, by: Doer): Promise<Renewed> => {
    const presented = readRefreshToken(refreshToken);
    if (presented === undefined) return null;
    const { database, now } = deps;
    const grant = await deviceGrantStore(database).findByFamily(hashSecret(presented.family));
    if (grant === undefined || grant.ended_at !== null || grant.expires_at <= now()) return null;
    const member = await memberStore(database).find(grant.user_id);
    if (member === undefined) return null;
    const tokens = await replaceTokens(deps, { grant, presented, lifetimes, by });
    return tokens && { member, tokens };
  };

type Renewal = {
  readonly grant: StoredGrant;
  readonly presented: RefreshToken;
  readonly lifetimes: TokenLifetimes;
  readonly by: Doer;
};

const replaceTokens = async (deps: DirectoryDeps, renewal: Renewal): Promise<Tokens | null> => {
  const { grant, presented, lifetimes } = renewal;
  if (hashSecret(presented.once) !== grant.refresh_hash) return answerReplaced(deps, renewal);
  const { database, changePolicy, secrets, now } = deps;
  const { tokens, columns } = issueTokens(
    secrets,
    { id: grant.id, family: presented.family },
    { ...lifetimes, at: now() },
  );
  const isFirst = await changeInTurn(database, async (sql) => {
    const isRenewed = await deviceGrantStore(sql).renew(grant, {
      ...columns,
      renewed_from: renewal.by.ipAddress,
      former_refresh_hash: grant.refresh_hash,
      former_access_hash: grant.access_hash,
      former_access_expires_at: grant.access_expires_at,
    });
    if (isRenewed) await changePolicy(sql, { entity: 'device_grant', id: grant.id });
    return isRenewed;
  });
  if (isFirst) return tokens;
  // Somebody else presented the same token at the same time and was first.
  const fresh = await deviceGrantStore(database).find(grant.id);
  return fresh === undefined ? null : answerReplaced(deps, { ...renewal, grant: fresh });
};

/**
 * Answers a refresh token that has been replaced. Several sessions of Claude Code share one sign-in, and each keeps the
 * token it has read until that is refused (observed, 2.1.330): ending the device for it would sign people out all day. What
 * a thief cannot hide is that the device is in use in two places at a time, and that ends it (RFC 9700 §4.14.2).
 */
const answerReplaced = async (deps: DirectoryDeps, { grant, presented, by }: Renewal): Promise<Tokens | null> => {
  const { database, changePolicy, record, secrets, now } = deps;
  if (grant.ended_at !== null) return null;
  const isElsewhere = placeOf(by.ipAddress) !== placeOf(grant.renewed_from);
  if (!isElsewhere) return answerAgain(secrets, { grant, presented, at: now() });
  if (grant.access_expires_at <= now()) return null;
  await changeInTurn(database, async (sql) => {
    if (!(await deviceGrantStore(sql).end(grant.id, { reason: 'replayed', at: now() }))) return;
    await changePolicy(sql, { entity: 'device_grant', id: grant.id });
    await record(sql, by, {
      type: 'remit_device_token_replayed',
      user_id: grant.user_id,
      trusted_device_id: grant.id,
    });
  });
  return null;
};

type Again = Pick<Renewal, 'grant' | 'presented'> & { readonly at: number };

/** The tokens of the last renewal for the token it replaced, within moments; nothing for any other. */
const answerAgain = (secrets: SecretBox, { grant, presented, at }: Again): Tokens | null => {
  const isLast = hashSecret(presented.once) === grant.former_refresh_hash;
  if (!isLast || grant.last_tokens === null || at - grant.renewed_at >= RENEWED_TWICE_MS) return null;
  return openTokens(secrets, grant.id, grant.last_tokens);
};
