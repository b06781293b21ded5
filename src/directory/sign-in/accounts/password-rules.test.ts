import { expect, it } from 'vitest';
import { refuseWeakPassword } from './password-rules.ts';

it.each([
  'short',
  'Password1234',
  ' qwerty123456 ',
  'aaaaaaaaaaaaaaaa',
  'abababababababab',
  'ada.lovelace@example.com',
  'ada.lovelace1',
  'Ada.Lovelace123',
])('refuses “%s”', (password) => {
  expect(() => refuseWeakPassword(password, 'ada.lovelace@example.com')).toThrow(/Choose another password/);
});

it.each(['correct horse battery', 'ada.lovelace likes engines', '9f#kQ2!zLp0w', 'пароль длинный'])(
  'takes “%s”',
  (password) => {
    expect(() => refuseWeakPassword(password, 'ada.lovelace@example.com')).not.toThrow();
  },
);
