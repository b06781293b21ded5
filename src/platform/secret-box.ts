import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { Refusal } from '../kernel/index.ts';

/**
 * Keeps secrets that must be read again (a credential of another system, the seed of one-time passwords) so that the
 * database alone does not give them away. `about` says what a secret is and whose: sealed text that is moved to another
 * row does not open.
 */
export type SecretBox = {
  /** Seals a text: letters, digits, `-`, `_` and `.` only. The same text never gives the same result twice. */
  readonly seal: (secret: string, about: string) => string;
  /** The text again. Refuses with `conflict` what was sealed with another key, about something else, or changed since. */
  readonly open: (sealed: string, about: string) => string;
};

/** The least length of the configured secret in characters. */
export const SECRET_KEY_CHARS_MIN = 32;

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG = { authTagLength: 16 };
const KEY_BYTES = 32;

const cannotOpen = (internal: unknown): Refusal =>
  new Refusal(
    'conflict',
    'A stored secret cannot be opened: it was sealed with another key. Give every node the REMIT_SECRET_KEY it was stored under, or enter the secret again.',
    { details: { error_code: 'secret_key_mismatch' }, internal },
  );

type Key = { readonly id: string; readonly bytes: Buffer };

const keyFrom = (text: string): Key => {
  const bytes = Buffer.from(hkdfSync('sha256', text, '', 'remit secret box', KEY_BYTES));
  // Tells keys apart without telling anything about them.
  return { id: hash('sha256', bytes, 'hex').slice(0, 8), bytes };
};

const sealWith = ({ id, bytes }: Key, secret: string, about: string): string => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', bytes, iv, TAG);
  cipher.setAAD(Buffer.from(about));
  const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${id}.${sealed.toString('base64url')}`;
};

const openWith = ({ bytes }: Key, sealed: Buffer, about: string): string => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.subarray(0, IV_BYTES), TAG);
    decipher.setAAD(Buffer.from(about));
    decipher.setAuthTag(sealed.subarray(-TAG.authTagLength));
    const body = decipher.update(sealed.subarray(IV_BYTES, -TAG.authTagLength));
    return Buffer.concat([body, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw cannotOpen(cause);
  }
};

/**
 * A box locked with AES-256-GCM under a key that is derived from `keyText`, which must be unpredictable. What was sealed
 * under an `older` text still opens.
 */
export const createSecretBox = (keyText: string, older: readonly string[] = []): SecretBox => {
  const key = keyFrom(keyText);
  const keys = [key, ...older.map(keyFrom)];
  return {
    seal: (secret, about) => sealWith(key, secret, about),
    open: (text, about) => {
      const [version, sealedWith, encoded = ''] = text.split('.');
      const opener = keys.find(({ id }) => version === VERSION && id === sealedWith);
      if (opener === undefined) throw cannotOpen(`sealed with the key ${sealedWith}, this node has ${key.id}`);
      return openWith(opener, Buffer.from(encoded, 'base64url'), about);
    },
  };
};
