import { Refusal } from '../../../kernel/index.ts';
import { PASSWORD_CHARS_MIN } from './contract.ts';

const DIFFERENT_CHARS_MIN = 5;

// What people choose who are asked for twelve characters; each of them is in every list of leaked passwords.
const COMMON: ReadonlySet<string> = new Set([
  '123456789012',
  '1234567890123',
  '12345678901234',
  '123456789123',
  '1q2w3e4r5t6y',
  'administrator',
  'changeme1234',
  'iloveyou1234',
  'letmein12345',
  'password1234',
  'password12345',
  'password123456',
  'passwordpassword',
  'passw0rd1234',
  'qwerty123456',
  'qwertyuiop12',
  'qwertyuiop123',
  'welcome12345',
]);

const weak = (why: string) => new Refusal('invalid_request', `Choose another password: ${why}.`);

/**
 * Refuses passwords that anybody would try first: common ones, a few characters over and over, and the e-mail address
 * itself. There are no rules about kinds of characters, because they make passwords worse (NIST SP 800-63B §3.1.1.2).
 */
export const refuseWeakPassword = (password: string, email: string): void => {
  const plain = password.trim().toLowerCase();
  if (password.length < PASSWORD_CHARS_MIN) throw weak(`it needs at least ${PASSWORD_CHARS_MIN} characters`);
  if (COMMON.has(plain)) throw weak('this one is among the first that everybody tries');
  if (new Set(plain).size < DIFFERENT_CHARS_MIN) throw weak('it repeats a few characters over and over');
  const address = email.trim().toLowerCase();
  const [name = ''] = address.split('@');
  if (plain === address || (name.length > 3 && plain.replaceAll(name, '').length < DIFFERENT_CHARS_MIN))
    throw weak('it is little more than your e-mail address');
};
