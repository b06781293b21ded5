import { describe, expect, it } from 'vitest';
import { readMemberSearch, readNext, readRequestFilters, readTab } from './search.ts';

describe('after signing in, only paths of the console are followed', () => {
  it.each([
    ['/models?x=1', '/models?x=1'],
    ['//evil.example', undefined],
    ['/\\evil.example', undefined],
    ['https://evil.example', undefined],
    [7, undefined],
  ])('next=%s leads to %s', (next, wanted) => expect(readNext({ next }).next).toBe(wanted));
});

it('filters that the address does not spell correctly are dropped', () => {
  expect(readRequestFilters({ effect: 'explode', range: '7d', model: '' })).toEqual({
    member: undefined,
    model: undefined,
    effect: undefined,
    range: '7d',
  });
});

it('a tab that the page does not have leads to its first one', () => {
  expect(readTab('limits', 'seats')({ tab: 'chairs' })).toEqual({});
  expect(readTab('limits', 'seats')({ tab: 'seats' })).toEqual({ tab: 'seats' });
});

it('the address of the members’ page holds what its table can be narrowed by, and nothing else', () => {
  const search = { tab: 'domains', search: 'ada', role: 'managed', status: 'suspended', group: 'rbac_group_1' };
  expect(readMemberSearch({ ...search, page: '7' })).toEqual(search);
  expect(readMemberSearch({ tab: 'x', search: '', role: 'emperor', status: 'ill', group: 7 })).toEqual({});
});
