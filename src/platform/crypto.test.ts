import { argon2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRandomBytes, hashPassword, hashSecret, matchesPassword, newSecret } from './crypto.ts';

describe('passwords', () => {
  it('match only themselves, and have another hash each time', async () => {
    const [one, two] = await Promise.all([hashPassword('pässword 1'), hashPassword('pässword 1')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^argon2id\$m=19456,t=2,p=1\$/);
    expect(await matchesPassword('pässword 1', one)).toBe(true);
    expect(await matchesPassword('pässword 1 ', one)).toBe(false);
    expect(await matchesPassword('', one)).toBe(false);
  });

  it('are checked with the parameters that the hash itself names, so that old hashes go on working', async () => {
    const nonce = Buffer.alloc(16, 7);
    const tag = argon2Sync('argon2id', { message: 'x', nonce, parallelism: 2, memory: 64, passes: 3, tagLength: 24 });
    const stored = `argon2id$m=64,t=3,p=2$${nonce.toString('base64url')}$${tag.toString('base64url')}`;
    expect(await matchesPassword('x', stored)).toBe(true);
    expect(await matchesPassword('y', stored)).toBe(false);
    expect(await matchesPassword('x', stored.replace('m=64', 'm=128'))).toBe(false);
  });

  it.each(['', 'plain', 'argon2id$m=1', 'argon2i$m=19456,t=2,p=1$AAAA$AAAA'])('match nothing in %j', async (stored) => {
    expect(await matchesPassword('x', stored)).toBe(false);
  });
});

describe('secrets', () => {
  it('have 256 bits in letters that are safe everywhere, and are never given twice', () => {
    const secrets = Array.from({ length: 200 }, newSecret);
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
    expect(new Set(secrets).size).toBe(200);
  });

  it('are stored as their SHA-256', () => {
    expect(hashSecret('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });
});

describe('random bytes', () => {
  it('come in the size asked for and never twice, also across the pages they are drawn in', () => {
    const randomBytes = createRandomBytes();
    const drawn = Array.from({ length: 1000 }, () => randomBytes(17));
    expect(drawn.every(({ length }) => length === 17)).toBe(true);
    expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1000);
    expect(randomBytes(10_000)).toHaveLength(10_000);
    expect(randomBytes(0)).toHaveLength(0);
  });

  it('stay what they were when more are drawn', () => {
    const randomBytes = createRandomBytes();
    const first = randomBytes(16);
    const copy = Buffer.from(first);
    for (let i = 0; i < 1000; i++) randomBytes(16);
    expect(first).toEqual(copy);
  });
});
