import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../../platform/index.ts';

const CODES = 10;
const CHARS = 16;
const GROUP = /.{4}(?=.)/g;
// Without the letters that are taken for digits: 32 symbols, so that a code has 80 bits.
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

const newCode = (): string => {
  const letters = [...randomBytes(CHARS)].map((byte) => ALPHABET.charAt(byte & 31)).join('');
  return letters.replace(GROUP, '$&-');
};

/** Ten codes to write down, in groups of four letters; each signs in once in place of the second factor. */
export const newRecoveryCodes = (): readonly string[] => Array.from({ length: CODES }, newCode);

/** What is stored of a code. Small letters, spaces and missing hyphens are forgiven. */
export const hashRecoveryCode = (code: string): string => hashSecret(code.toUpperCase().replace(/[^A-Z0-9]/g, ''));
