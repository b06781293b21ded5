import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBody } from '../read-body.ts';
import { readResource } from '../read-resource.ts';
import { USER } from '../schema/resource-type.ts';
import { arbitraryFilter } from '../testing/arbitrary-filter.ts';
import { bindFilter } from './bind-filter.ts';
import { matchesResource } from './evaluate-filter.ts';
import { parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const { resource: babs } = readResource(
  USER,
  readBody(
    JSON.stringify({
      userName: 'Bjensen@Example.com',
      externalId: 'AbC',
      name: { familyName: "O'Malley", givenName: 'Barbara' },
      title: 'Vice "President"',
      active: true,
      emails: [
        { value: 'babs@work.example', type: 'work', primary: true },
        { value: 'babs@home.example', type: 'home' },
      ],
      roles: [{ value: 'Manager', primary: true }],
      [ENTERPRISE]: { department: 'Tours\\Travel', manager: { value: 'user_26' } },
    }),
  ),
);

const holds = (filter: string): boolean => matchesResource(bindFilter(USER, parseFilter(filter)), babs);

describe('a filter', () => {
  it.each([
    ['userName eq "bjensen@example.com"', true],
    ['USERNAME Eq "BJENSEN@EXAMPLE.COM"', true],
    ['externalId eq "abc"', false],
    ['externalId eq "AbC"', true],
    ['name.familyName co "o\'malley"', true],
    ['userName sw "bj"', true],
    ['userName ew "COM"', true],
    ['userName sw "jensen"', false],
    ['title eq "vice \\"president\\""', true],
    ['title eq "vice \\u0022president\\u0022"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"', true],
    [`${ENTERPRISE}:department eq "tours\\\\travel"`, true],
    [`${ENTERPRISE.toUpperCase()}:MANAGER.value eq "user_26"`, true],
    [`${ENTERPRISE}:manager eq "user_26"`, true],
    ['active eq true', true],
    ['active eq True', true],
    ['active eq "False"', false],
    ['active ne false', true],
    ['title pr', true],
    ['nickName pr', false],
    ['emails pr and name pr', true],
    ['nickName ne "x"', true],
    ['nickName eq null', true],
    ['title eq null', false],
    ['title ne null', true],
    ['emails eq "babs@home.example"', true],
    ['emails.value ew "work.example" and emails.type eq "home"', true],
    ['emails[value ew "work.example" and type eq "home"]', false],
    ['emails[type eq "work"].value eq "babs@home.example"', false],
    ['emails[type eq "home"].value eq "babs@home.example"', true],
    ['roles[primary eq "True"].value eq "manager"', true],
    ['emails[not (type eq "work")]', true],
    ['emails.type ne "work"', true],
    ['phoneNumbers.type ne "work"', true],
    ['phoneNumbers[type ne "work"]', false],
    ['userName gt "a" and userName lt "c"', true],
    ['userName ge "bjensen@example.com" and userName le "bjensen@example.com"', true],
    ['not (userName eq "x")', true],
    ['not userName eq "x"', true],
    // "and" binds closer than "or", "not" closer than both.
    ['userName pr or userName eq "x" and userName eq "y"', true],
    ['(userName pr or userName eq "x") and userName eq "y"', false],
    ['not (userName eq "x") and title pr', true],
  ])('%s is %s', (filter, wanted) => {
    expect(holds(filter)).toBe(wanted);
  });

  it.each([
    '',
    'userName',
    'userName eq',
    'userName eq bjensen',
    "userName eq 'bjensen'",
    'userName xx "a"',
    'userName eq "a" userName eq "b"',
    'userName eq "a" and',
    'and userName eq "a"',
    '(userName eq "a"',
    'userName eq "a")',
    'emails[type eq "work"',
    'emails[]',
    'emails[type eq "work"].',
    'emails[type eq "work"]value eq "x"',
    'userName eq "unclosed',
    'userName eq "\\x"',
    'userName eq "\\u0000"',
    'userName eq "\\ud800"',
    'shoeSize eq 42',
    'name.shoeSize eq 42',
    'ims[type eq "xmpp"]',
    'emails[display eq "x"]',
    'userName[value eq "x"]',
    'name eq "x"',
    'active gt true',
    'active co "t"',
    'active eq "maybe"',
    'meta.created gt "yesterday"',
    'meta.created co "2011"',
    'title gt null',
    '__proto__ eq "x"',
    'constructor.name eq "x"',
    'urn:unknown:2.0:User:userName eq "x"',
    '💥',
    'userName eq "a" && userName eq "b"',
  ])('%j is invalidFilter', (filter) => {
    expect(() => holds(filter)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidFilter' }));
  });

  it.each([
    ['too long', `userName eq "${'a'.repeat(9000)}"`],
    ['too deep in parentheses', `${'('.repeat(4000)}userName pr${')'.repeat(4000)}`],
    ['too deep in nots', `${'not '.repeat(2000)}userName pr`],
    ['too many parts', Array.from({ length: 300 }, () => 'title pr').join(' or ')],
  ])('that is %s is refused before it costs anything', (_, filter) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ scimType: 'invalidFilter' }));
  });

  it('is read again as it was printed', () => {
    fc.assert(
      fc.property(arbitraryFilter(USER), (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(filter);
      }),
      { numRuns: 500 },
    );
  });

  it('of any text either has a meaning or is invalidFilter', () => {
    const piece = fc.constantFrom(
      'userName',
      'emails',
      '[',
      ']',
      '(',
      ')',
      'eq',
      'pr',
      'and',
      'not',
      '"a"',
      '.value',
      ' ',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(' ')),
    );
    fc.assert(
      fc.property(text, (filter) => {
        try {
          expect(typeof holds(filter)).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ scimType: 'invalidFilter' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
