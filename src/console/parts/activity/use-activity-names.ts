import type { Activity } from '../../../activity/contract.ts';
import { useNamesOf } from '../../data/names.ts';
import { type NameOf, type Reference, referencesOf } from './sentence.ts';

/** Names for what records refer to, and whether it is still there to be visited. */
export type ActivityNames = { readonly nameOf: NameOf; readonly isThere: (reference: Reference) => boolean };

const LOOKED_UP_MAX = 300;
const ID_END = 6;

/** An id that nothing is known of, short enough to read in a sentence. */
const shortened = (id: string): string => (/^[a-z_]+_[0-9a-z]{26}$/.test(id) ? `…${id.slice(-ID_END)}` : id);

/** The names in the newest records; older ones beyond a few hundred things show what the record itself says. */
export const useActivityNames = (activities: readonly Activity[]): ActivityNames => {
  const references = activities.flatMap(referencesOf);
  const names = useNamesOf(references.slice(0, LOOKED_UP_MAX));
  // What one record calls a thing helps to read another that has only its id.
  const hints = new Map(references.flatMap(({ id, hint }) => (hint === null ? [] : [[id, hint] as const])));
  return {
    nameOf: ({ id, hint }) => names.get(id)?.name ?? hint ?? hints.get(id) ?? shortened(id),
    isThere: ({ id }) => names.get(id)?.exists === true,
  };
};
