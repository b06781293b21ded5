import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
const SECRET_BYTES = 20;

const totpOf = (base32: string, names: { issuer?: string; label?: string } = {}): TOTP =>
  new TOTP({ ...names, secret: Secret.fromBase32(base32), algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS });

/** A new seed of 160 bits in base 32 (RFC 4226 §4, R6). */
export const newSeed = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** The address that authenticator apps read from a QR code. */
export const otpauthUrl = (seed: string, names: { readonly issuer: string; readonly label: string }): string =>
  totpOf(seed, names).toString();

/**
 * The half minute a code belongs to (RFC 6238), counted from the epoch; undefined for a wrong code. The half minutes
 * before and after now count too, because clocks differ.
 */
export const stepOfCode = (seed: string, code: string, now: number): number | undefined => {
  const delta = totpOf(seed).validate({ token: code, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / 1000 / PERIOD_SECONDS) + delta;
};
