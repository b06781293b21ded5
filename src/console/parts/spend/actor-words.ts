import type { SpendActor } from '../../../spend/contract.ts';

/** Who an actor is, in a word: their name, or what else is known of them. */
export const actorName = (actor: SpendActor): string =>
  actor.type === 'user_actor' ? (actor.name ?? actor.email_address ?? actor.user_id) : 'An admin key';

/** The member's id, where the actor is one. */
export const actorUserId = (actor: SpendActor): string | null => (actor.type === 'user_actor' ? actor.user_id : null);
