import { expect, it } from 'vitest';
import type { NewNote } from '../store/sync-store.ts';
import { withIdsInOrder } from './note-change.ts';

const note = (id: string, detail: string): NewNote => ({
  ...{ id, detail, directory_id: 'dir_1', at: 1, kind: 'group_added' },
  ...{ user_id: null, group_id: null, people: 1, counts_as_removal: 0 },
});

it('notes of one millisecond are listed in the order they were made in', () => {
  const made = [note('dirchg_0c', 'first'), note('dirchg_0a', 'second'), note('dirchg_0b', 'third')];
  const listed = withIdsInOrder(made).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  expect(listed.map(({ detail }) => detail)).toEqual(['first', 'second', 'third']);
  expect(listed.map(({ id }) => id)).toEqual(['dirchg_0a', 'dirchg_0b', 'dirchg_0c']);
});
