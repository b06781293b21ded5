import { argon2, hash, randomBytes as nodeRandomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2Async = promisify(argon2);

// Random bytes are drawn in pages: one call into OpenSSL serves some hundred ids.
const PAGE_BYTES = 4096;

/** A source of random bytes for ids and secrets; each byte is handed out once. */
export const createRandomBytes = (): ((size: number) => Uint8Array) => {
  let page = nodeRandomBytes(PAGE_BYTES);
  let used = 0;
  return (size) => {
    if (size > PAGE_BYTES) return nodeRandomBytes(size);
    if (used + size > PAGE_BYTES) {
      page = nodeRandomBytes(PAGE_BYTES);
      used = 0;
    }
    used += size;
    return page.subarray(used - size, used);
  };
};

/** A secret of 256 bits in letters and digits (and `-`, `_`), safe in headers, shells and URLs. */
export const newSecret = (): string => nodeRandomBytes(32).toString('base64url');

/**
 * What is stored of a secret that has 256 bits of its own: its SHA-256 in base64url. A slow hash would add nothing
 * against guessing and cost every request.
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'base64url');

/** A short name for a value as JSON writes it: equal values have the same, and nobody meets two others that do. */
export const fingerprint = (value: unknown): string => hash('sha256', JSON.stringify(value), 'base64url').slice(0, 22);

// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

/** A password's Argon2id hash with its salt and parameters, in one string. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = nodeRandomBytes(16);
  const tag = await argon2Async('argon2id', { ...ARGON2, message: password, nonce: salt });
  const { memory, passes, parallelism } = ARGON2;
  return `argon2id$m=${memory},t=${passes},p=${parallelism}$${salt.toString('base64url')}$${tag.toString('base64url')}`;
};

/** Whether the password is the one that was hashed. A text that is no such hash matches nothing. */
export const matchesPassword = async (password: string, stored: string): Promise<boolean> => {
  const match = /^argon2id\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (match === null) return false;
  const [, memory, passes, parallelism, salt = '', tag = ''] = match;
  const wanted = Buffer.from(tag, 'base64url');
  const actual = await argon2Async('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64url'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: wanted.length,
  });
  return timingSafeEqual(actual, wanted);
};

/** Whether a password's hash was made with other parameters than today's, and is best replaced while it is known. */
export const isHashOutdated = (stored: string): boolean => {
  const { memory, passes, parallelism } = ARGON2;
  return !stored.startsWith(`argon2id$m=${memory},t=${passes},p=${parallelism}$`);
};
