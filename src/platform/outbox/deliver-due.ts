import { newSecret } from '../crypto.ts';
import type { Log } from '../log.ts';
import { Undelivered } from '../outbound/undelivered.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Database } from '../sql/index.ts';
import { TRIES_MAX, waitAfter } from './back-off.ts';
import { aboutDelivery } from './post-notices.ts';
import { outboxStore, type StoredDelivery } from './store.ts';
import type { DeliveryChannel } from './tables.ts';

/** What is to be sent, opened. `id` stays the same however often it is tried. */
export type OpenDelivery = { readonly id: string; readonly target: string; readonly content: unknown };

/** Sends, and answers what the other side said; rejects with {@link Undelivered}. It must end well before a claim does. */
export type Sender = (delivery: OpenDelivery) => Promise<string>;

export type DeliverDeps = {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly senders: Readonly<Record<DeliveryChannel, Sender>>;
  readonly now: () => number;
  readonly log: Log;
};

/** Longer than any sender takes: a node that is still sending does not lose its claim. */
const LEASE_MS = 120_000;

const AT_ONCE = 10;

const ANSWER_CHARS_MAX = 500;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

type Outcome = { readonly answer: string } | { readonly error: unknown };

const settle = async (deps: DeliverDeps, delivery: StoredDelivery, outcome: Outcome) => {
  const store = outboxStore(deps.database);
  if ('answer' in outcome) {
    const answer = outcome.answer.slice(0, ANSWER_CHARS_MAX);
    await store.settle(delivery, { state: 'delivered', delivered_at: deps.now(), answer, content: null });
    return;
  }
  const { error } = outcome;
  const isOver = delivery.attempts >= TRIES_MAX || (error instanceof Undelivered && error.isFinal);
  const state = isOver ? 'failed' : 'due';
  const answer = messageOf(error).slice(0, ANSWER_CHARS_MAX);
  await store.settle(delivery, { state, answer, next_try_at: deps.now() + waitAfter(delivery.attempts) });
  const isExpected = error instanceof Undelivered && error.isFinal;
  // What is expected is told in one sentence; a stack would look like a mistake of the program.
  const why = isExpected ? { reason: answer } : { err: error };
  const facts = { delivery: delivery.id, channel: delivery.channel, tries: delivery.attempts, ...why };
  if (isOver) deps.log[isExpected ? 'warn' : 'error'](facts, 'a notice was not delivered and is given up');
  else deps.log.warn(facts, 'a notice was not delivered; it is tried again');
};

const send = async (deps: DeliverDeps, { id, channel, target, content }: StoredDelivery): Promise<Outcome> => {
  try {
    const opened: unknown = JSON.parse(deps.secrets.open(content ?? '', aboutDelivery(id)));
    return { answer: await deps.senders[channel]({ id, target, content: opened }) };
  } catch (error) {
    return { error };
  }
};

/**
 * Sends everything that is due. A delivery is claimed for two minutes first, so that of several nodes one sends it; a
 * node that dies between sending and saying so leaves it to be sent again when the claim ends: twice at worst, never not
 * at all.
 */
export const createDeliverDue = (deps: DeliverDeps) => async (): Promise<void> => {
  const store = outboxStore(deps.database);
  for (;;) {
    const now = deps.now();
    const claim = { now, until: now + LEASE_MS, lease: newSecret(), count: AT_ONCE };
    const claimed = await store.claim(claim);
    await Promise.all(claimed.map(async (delivery) => settle(deps, delivery, await send(deps, delivery))));
    if (claimed.length < AT_ONCE) return;
  }
};
