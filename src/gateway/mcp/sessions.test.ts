import { expect, it } from 'vitest';
import type { CredentialFacts } from '../../directory/index.ts';
import { createSecretBox } from '../../platform/index.ts';
import { createSessions, isSessionId } from './sessions.ts';

const HOUR = 3_600_000;

const credential = (id: string, userId: string | null, groupId: string | null = null): CredentialFacts =>
  ({ id, hash: id, kind: 'personal', userId, groupId, isActive: true, expiresAt: null }) as CredentialFacts;

const ada = { connectorId: 'mcpsrv_1', credential: credential('apikey_1', 'user_1') };
const secrets = createSecretBox('a secret of the tests, long enough to be one');

const open = (clock = { ms: 0 }) => createSessions({ secrets, now: () => clock.ms, ageMsMax: HOUR });

it('gives the client another id than the server’s, which opens for the same caller on every node', () => {
  const token = open().wrap('of-the-server', ada);
  expect(token).not.toContain('of-the-server');
  expect(isSessionId(token)).toBe(true);
  expect(open().unwrap(token, ada)).toBe('of-the-server');
  expect(open().unwrap(token, { ...ada, credential: credential('apikey_2', 'user_1') })).toBe('of-the-server');
});

it('opens for nobody else, at no other connector, and not when it was made up', () => {
  const sessions = open();
  const token = sessions.wrap('of-the-server', ada);
  const group = { connectorId: 'mcpsrv_1', credential: credential('apikey_3', null, 'rbac_group_1') };
  const ofGroup = sessions.wrap('of-the-group', group);
  expect(sessions.unwrap(token, { ...ada, credential: credential('apikey_9', 'user_2') })).toBeUndefined();
  expect(sessions.unwrap(token, { ...ada, connectorId: 'mcpsrv_2' })).toBeUndefined();
  // Programs that share a group do not share sessions.
  expect(
    sessions.unwrap(ofGroup, { ...group, credential: credential('apikey_4', null, 'rbac_group_1') }),
  ).toBeUndefined();
  for (const made of ['of-the-server', '', 'v1.00000000.AAAA', `${token}x`])
    expect(sessions.unwrap(made, ada)).toBeUndefined();
});

it('ends with its age', () => {
  const clock = { ms: 0 };
  const sessions = open(clock);
  const token = sessions.wrap('of-the-server', ada);
  clock.ms = HOUR - 1;
  expect(sessions.unwrap(token, ada)).toBe('of-the-server');
  clock.ms = HOUR;
  expect(sessions.unwrap(token, ada)).toBeUndefined();
});

it('hands over, once, those whose credential is over', () => {
  const sessions = open();
  const ben = { connectorId: 'mcpsrv_1', credential: credential('apikey_2', 'user_2') };
  sessions.wrap('one', ada);
  sessions.wrap('two', ben);
  sessions.wrap('three', ada);
  sessions.forget('three', ada);
  const isOver = ({ id }: CredentialFacts) => id === 'apikey_1';
  expect(sessions.takeEnded(isOver).map(({ serverId }) => serverId)).toEqual(['one']);
  expect(sessions.takeEnded(isOver)).toEqual([]);
  expect(sessions.size).toBe(1);
});

it('takes visible ASCII for a session id and nothing that could be a second header', () => {
  expect(isSessionId('abc-123.~')).toBe(true);
  for (const text of ['', 'a b', 'a\r\nb: c', 'é', 'x'.repeat(1025)]) expect(isSessionId(text)).toBe(false);
});
