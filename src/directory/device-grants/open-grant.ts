import type { Doer } from '../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { type Member, memberStore } from '../members/store.ts';
import { asMember } from '../sign-in/as-member.ts';
import { issueTokens, type TokenLifetimes, type Tokens } from './issue-tokens.ts';
import { deviceGrantStore } from './store.ts';

/** A device that somebody has just been signed in on. */
export type OpenedGrant = { readonly id: string; readonly member: Member; readonly tokens: Tokens };

/** Which device is signed in, as whom, and for how long its tokens count. */
export type NewGrant = { readonly userId: string; readonly name: string; readonly lifetimes: TokenLifetimes };

/**
 * Signs a member in on a device, within a change that has its turn. Undefined for somebody who has been suspended or
 * removed since they agreed to it. `from` is the request of the device.
 */
export const openGrant =
  ({ changePolicy, record, secrets, now, newId }: DirectoryDeps) =>
  async (sql: Sql, { userId, name, lifetimes }: NewGrant, from: Doer): Promise<OpenedGrant | undefined> => {
    const member = await memberStore(sql).find(userId);
    if (member === undefined) return undefined;
    const [id, family, at] = [newId('deviceGrant'), newSecret(), now()];
    const { tokens, columns } = issueTokens(secrets, { id, family }, { ...lifetimes, at });
    await deviceGrantStore(sql).insert({
      ...columns,
      id,
      user_id: userId,
      name,
      created_at: at,
      user_agent: from.userAgent,
      ip_address: from.ipAddress,
      renewed_from: from.ipAddress,
      family_hash: hashSecret(family),
      former_refresh_hash: null,
      former_access_hash: null,
      former_access_expires_at: null,
      ended_at: null,
      end_reason: null,
    });
    await changePolicy(sql, { entity: 'device_grant', id });
    await record(sql, asMember(from, member), {
      type: 'trusted_device_enrolled',
      enrollment_method: 'oauth',
      platform: 'unspecified',
      trusted_device_id: id,
    });
    return { id, member, tokens };
  };
