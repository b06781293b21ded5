import type { SpendActor } from '../../../spend/contract.ts';

/** What people call whoever a line is about: the address of a member, the id of a key. */
export const whoOf = ({ actor }: { readonly actor: SpendActor }): string =>
  actor.type === 'user_actor' ? (actor.email_address ?? actor.user_id) : actor.scoped_api_key_id;
