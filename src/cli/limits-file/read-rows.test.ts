import { describe, expect, it } from 'vitest';
import { limit } from '../policy/rules/test-state.ts';
import { findTargets } from './find-targets.ts';
import { readCsv } from './read-csv.ts';
import { readRows } from './read-rows.ts';

const read = (...lines: readonly string[]) => readRows(readCsv(lines.join('\n')));
const HEAD = 'scope_type,scope_id,name,email,period,limit_usd,mode,enabled,steps';

describe('lines of a file of limits', () => {
  it('say a limit whole, or leave out what is to stay', () => {
    const { rows, mistakes } = read(
      HEAD,
      'user,user_1,Ada,ada@x.org,monthly,12.5,strict,no,"80:notify; 95:restrict_models:haiku,sonnet"',
      'session,,,,,unlimited,,,',
      'rbac_group,,Builders,,daily,none,,,',
    );
    expect(mistakes).toEqual([]);
    expect(rows.map(({ line, type, period, limit }) => [line, type, period, limit])).toEqual([
      [
        2,
        'user',
        'monthly',
        {
          amount: 12.5,
          mode: 'strict',
          enabled: false,
          ladder: [
            { at_percent: 80, action: 'notify' },
            { at_percent: 95, action: 'restrict_models', families: ['haiku', 'sonnet'] },
          ],
        },
      ],
      [3, 'session', null, { amount: 'unlimited', mode: undefined, enabled: undefined, ladder: [] }],
      [4, 'rbac_group', 'daily', 'none'],
    ]);
    const short = read('period;limit_usd;scope_type', 'weekly;$7;organization').rows;
    expect(short[0]?.limit).toEqual({ amount: 7, mode: undefined, enabled: undefined, ladder: undefined });
  });

  it.each([
    ['everybody,,,,monthly,5,,,', '“everybody” is no scope_type; they are'],
    ['user,u,,,yearly,5,,,', '“yearly” is no period; they are daily, weekly, monthly.'],
    ['session,,,,daily,5,,,', '“daily” is no period of a session, which has none.'],
    ['user,u,,,daily,"1,5",,,', '“1,5” is no amount in dollars'],
    ['user,u,,,daily,-5,,,', '“-5” is no amount in dollars'],
    ['user,u,,,daily,,,,', '“” is no amount in dollars'],
    ['user,u,,,daily,5,hard,,', '“hard” is no mode; they are standard, strict.'],
    ['user,u,,,daily,5,,maybe,', '“maybe” is no yes or no.'],
    ['user,u,,,daily,5,,,80:stop', '“80:stop” is no step. A step is 80:notify'],
  ])('%s is a mistake', (line, problem) => {
    const { rows, mistakes } = read(HEAD, 'organization,,,,daily,1,,,', line);
    expect(rows).toHaveLength(1);
    expect(mistakes.map((one) => [one.line, one.problem])).toEqual([[3, expect.stringContaining(problem)]]);
  });

  it('need their columns, and know no others', () => {
    expect(read('scope_type,amount_usd').mistakes).toEqual([
      { line: 1, problem: expect.stringContaining('There is no column limit_usd.') },
      { line: 1, problem: '“amount_usd” is no column that is known.' },
    ]);
    expect(read('scope_type,limit_usd,stesp').mistakes[0]?.problem).toContain('Did you mean “steps”?');
    expect(read('').mistakes).toHaveLength(2);
  });
});

describe('whom a line is about', () => {
  const ADA = { id: 'user_1', email: 'ada@x.org' } as never;
  const directory = {
    groups: [{ id: 'g1', name: 'Builders' }] as never,
    workspaces: [{ id: 'w1', name: 'Research' }],
    keys: [
      { id: 'k1', name: 'mine' },
      { id: 'k2', name: 'mine' },
    ],
    limits: [limit('api_key', 'k9')],
    members: new Map([
      ['user_1', ADA],
      ['ada@x.org', ADA],
    ]),
  };
  const find = (...lines: readonly string[]) => findTargets(read(HEAD, ...lines).rows, directory);

  it('is found by id, else by address or name, what has gone by its limit', () => {
    const { wanted, mistakes } = find(
      'user,user_1,,,daily,1,,,',
      'user,,,ADA@x.org,weekly,1,,,',
      'rbac_group_pool,,Builders,,daily,1,,,',
      'rbac_group,g1,whatever,,daily,1,,,',
      'workspace,,Research,,daily,1,,,',
      'api_key,k2,,,daily,1,,,',
      'api_key,k9,old,,monthly,10,,,',
      'seat_tier,premium,,,daily,1,,,',
    );
    expect(mistakes).toEqual([]);
    expect(wanted.map(({ id, whose }) => `${id}: ${whose}`)).toEqual([
      'user_1: ada@x.org',
      'user_1: ada@x.org',
      'g1: the group “Builders” together',
      'g1: each member of the group “Builders”',
      'w1: the workspace “Research”',
      'k2: the key “mine”',
      'k9: old',
      'premium: each member with the seat “premium”',
    ]);
  });

  it('is said where nobody is found, several are, or the limit stands twice', () => {
    const { mistakes } = find(
      'user,,,bea@x.org,daily,1,,,',
      'user,,,,daily,1,,,',
      'rbac_group,g7,,,daily,1,,,',
      'api_key,,mine,,daily,1,,,',
      'seat_tier,,,,daily,1,,,',
      'organization,,,,daily,1,,,',
      'organization,,,,daily,2,,,',
    );
    expect(mistakes.map(({ line, problem }) => `${line}: ${problem}`)).toEqual([
      '2: There is no member with the address “bea@x.org”.',
      '3: Say whose limit it is: by scope_id or email.',
      '4: There is no group with the id “g7”.',
      '5: There are 2 keys of the name “mine”. Write the id of one into scope_id: k1, k2.',
      '6: Say which seat by scope_id.',
      '8: The same limit stands in line 7 already.',
    ]);
  });
});
