import { expect, it } from 'vitest';
import { readDomains } from './read-domains.ts';

it.each([
  ['', []],
  ['Example.com', ['example.com']],
  ['@a.com, b.org;c.net\n d.dev', ['a.com', 'b.org', 'c.net', 'd.dev']],
])('reads the domains of %j', (text, domains) => {
  expect(readDomains(text)).toEqual(domains);
});
