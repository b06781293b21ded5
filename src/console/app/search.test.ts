import { describe, expect, it } from 'vitest';
import { readNext, readRequestFilters } from './search.ts';

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
