import { hashSecret, newSecret, type SecretBox } from '../../platform/index.ts';
import { ACCESS_TOKEN_PREFIX, writeRefreshToken } from './rules/tokens.ts';

/** How long tokens of devices count, in milliseconds. */
export type TokenLifetimes = {
  readonly accessMs: number;
  /** How long a device may go unused until somebody has to sign in there again. */
  readonly idleMs: number;
};

/** The tokens a client is given, shown this once. `expiresAt` is the access token's end (epoch ms). */
export type Tokens = { readonly accessToken: string; readonly refreshToken: string; readonly expiresAt: number };

/** New tokens for a grant of this family, and what its row keeps of them. */
export const issueTokens = (
  secrets: SecretBox,
  grant: { readonly id: string; readonly family: string },
  { accessMs, idleMs, at }: TokenLifetimes & { readonly at: number },
) => {
  const once = newSecret();
  const tokens: Tokens = {
    accessToken: ACCESS_TOKEN_PREFIX + newSecret(),
    refreshToken: writeRefreshToken({ family: grant.family, once }),
    expiresAt: at + accessMs,
  };
  return {
    tokens,
    columns: {
      refresh_hash: hashSecret(once),
      renewed_at: at,
      last_tokens: secrets.seal(JSON.stringify(tokens), grant.id),
      access_hash: hashSecret(tokens.accessToken),
      access_expires_at: tokens.expiresAt,
      expires_at: at + idleMs,
    },
  };
};

/** The tokens that {@link issueTokens} sealed into the row. */
export const openTokens = (secrets: SecretBox, grantId: string, sealed: string): Tokens =>
  JSON.parse(secrets.open(sealed, grantId)) as Tokens;
