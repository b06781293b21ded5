/** What every access token of a device begins with, so that secret scanners and our own refusals know one. */
export const ACCESS_TOKEN_PREFIX = 'at-remit-';

const REFRESH_TOKEN_PREFIX = 'rt-remit-';

/** The parts of a refresh token: `family` is the same for as long as the device is signed in, `once` counts once. */
export type RefreshToken = { readonly family: string; readonly once: string };

/** A refresh token as the client is given it. */
export const writeRefreshToken = ({ family, once }: RefreshToken): string => `${REFRESH_TOKEN_PREFIX}${family}.${once}`;

const REFRESH_TOKEN = new RegExp(`^${REFRESH_TOKEN_PREFIX}([\\w-]{43})\\.([\\w-]{43})$`);

/** Takes a refresh token apart; undefined for anything else. */
export const readRefreshToken = (text: string): RefreshToken | undefined => {
  const [, family, once] = REFRESH_TOKEN.exec(text) ?? [];
  return family === undefined || once === undefined ? undefined : { family, once };
};

/** Whether a text is a device's access token by its looks. */
export const isAccessToken = (text: string): boolean => text.startsWith(ACCESS_TOKEN_PREFIX);
