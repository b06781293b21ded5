import type { NewId } from '../../kernel/index.ts';
import type { SecretBox } from '../secret-box.ts';
import type { Sql } from '../sql/index.ts';
import { outboxStore } from './store.ts';
import type { DeliveryChannel } from './tables.ts';

/** One message of a notice: how it travels, where to, and what the sender of that channel is given. */
export type NewDelivery = { readonly channel: DeliveryChannel; readonly target: string; readonly content: unknown };

/** Something to be told. `key` names the event, so that it is told once however many nodes notice it. */
export type NewNotice = {
  readonly key: string;
  readonly kind: string;
  /** One line for lists. */
  readonly subject: string;
  readonly deliveries: readonly NewDelivery[];
};

/**
 * Writes a notice into the outbox within the transaction `sql` of what it tells of: it is sent if that commits, and never
 * otherwise. Answers whether it is new.
 */
export type PostNotice = (sql: Sql, notice: NewNotice) => Promise<boolean>;

/** What a delivery's content is sealed about. */
export const aboutDelivery = (id: string): string => `outbox delivery ${id}`;

type Deps = { readonly secrets: SecretBox; readonly now: () => number; readonly newId: NewId };

export const createPostNotice =
  ({ secrets, now, newId }: Deps): PostNotice =>
  async (sql, { key, kind, subject, deliveries }) => {
    const store = outboxStore(sql);
    const createdAt = now();
    const notice = { id: newId('notice'), key, kind, subject, created_at: createdAt };
    if (!(await store.insertNotice(notice))) return false;
    const rows = deliveries.map(({ channel, target, content }) => {
      const id = newId('noticeDelivery');
      return {
        id,
        notice_id: notice.id,
        channel,
        target,
        state: 'due' as const,
        attempts: 0,
        next_try_at: createdAt,
        leased_until: 0,
        lease: null,
        answer: null,
        content: secrets.seal(JSON.stringify(content), aboutDelivery(id)),
        created_at: createdAt,
        delivered_at: null,
      };
    });
    await store.insertDeliveries(rows);
    return true;
  };
