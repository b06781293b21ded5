import type { Actor } from './actor.ts';

/** Remit itself (a job, the configuration), or an identity provider that pushes changes of its directory. */
export type Machine =
  | { readonly kind: 'system'; readonly service: string }
  | { readonly kind: 'directory'; readonly directoryId: string; readonly connectionType: string | null };

/** Somebody who has not signed in, with the e-mail address they gave, if any. */
export type Visitor = { readonly kind: 'visitor'; readonly email: string | null };

/**
 * Who does something, in which request and from where. Every operation that changes something takes one, because what
 * it changes is recorded with its cause.
 */
export type Doer = {
  readonly who: Actor | Machine | Visitor;
  readonly requestId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
};

/** Remit doing something by itself. */
export const bySystem = (service: string): Doer => ({
  who: { kind: 'system', service },
  requestId: null,
  ipAddress: null,
  userAgent: null,
});

/** The caller, where a rule asks what they may do; machines and visitors hold no permission. */
export const actorOf = ({ who }: Doer): Actor =>
  who.kind === 'system' || who.kind === 'directory' || who.kind === 'visitor' ? { kind: 'anonymous' } : who;
