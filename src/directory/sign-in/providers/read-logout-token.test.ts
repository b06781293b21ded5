import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { readLogoutToken } from './read-logout-token.ts';

const ISSUER = 'https://sso.example.com';
const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

const { privateKey, publicKey } = await generateKeyPair('RS256');
const stranger = await generateKeyPair('RS256');
const rules = {
  issuer: ISSUER,
  clientId: 'remit',
  keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] },
};

type Token = { claims?: object; issuer?: string; audience?: string; issuedAt?: number; key?: CryptoKey };

const sign = ({ claims, issuer = ISSUER, audience = 'remit', issuedAt, key = privateKey }: Token) =>
  new SignJWT({ events: EVENTS, sub: 'ada', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .sign(key);

it('reads whose sessions have ended', async () => {
  expect(await readLogoutToken(await sign({ claims: { sid: 's1' } }), rules)).toMatchObject({ sub: 'ada', sid: 's1' });
});

it.each<readonly [string, Token]>([
  ['of another issuer', { issuer: 'https://elsewhere.example' }],
  ['for another client', { audience: 'somebody' }],
  ['signed with another key', { key: stranger.privateKey }],
  ['of an hour ago', { issuedAt: Math.floor(Date.now() / 1000) - 3600 }],
  ['without the event', { claims: { events: {} } }],
  ['that is an ID token', { claims: { nonce: 'n' } }],
  ['that names nobody', { claims: { sub: undefined } }],
])('refuses a token %s', async (_what, token) => {
  await expect(readLogoutToken(await sign(token), rules)).rejects.toMatchObject({
    details: { error_code: 'sso_answer_invalid' },
  });
});

it('refuses what is no token, and one that nobody signed', async () => {
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`;
  for (const text of ['', 'a.b.c', unsigned]) await expect(readLogoutToken(text, rules)).rejects.toThrow();
});
