import { readActivePeople, readOrganisationName } from '../../directory/index.ts';
import { DAY_MS, type Micros, type Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { QUIET_DAYS } from '../increase-requests/rules/may-ask.ts';
import type { NoticeDeps } from './deps.ts';
import { asMail } from './rules/render.ts';
import { type Order, tellDecision, tellOrder } from './rules/words.ts';
import { tell } from './tell.ts';

/** What became of a request for more. An approved amount of null is unlimited. */
export type DecidedRequest = {
  readonly requestId: string;
  readonly userId: string;
  readonly state: 'approved' | 'denied';
  readonly amountMicros: Micros | null;
  readonly period: Period;
};

/** Tells the member, by e-mail, within the transaction of the decision. */
export const tellOfDecision =
  (deps: NoticeDeps) =>
  async (sql: Sql, { requestId, userId, ...decision }: DecidedRequest): Promise<void> => {
    const [person] = await readActivePeople(sql, [userId]);
    if (person === undefined) return;
    const words = tellDecision({
      ...decision,
      mayAskAgainAt: deps.now() + QUIET_DAYS * DAY_MS,
      consoleUrl: deps.publicUrl(),
    });
    await deps.post(sql, {
      key: `decision ${requestId}`,
      kind: 'increase_decided',
      subject: words.subject,
      deliveries: [{ channel: 'mail', target: person.email, content: asMail(words, await readOrganisationName(sql)) }],
    });
  };

/** An order as it was recorded. */
export type PlacedOrder = Omit<Order, 'consoleUrl'> & { readonly orderId: string };

/** Tells administrators, within the transaction that records the order. */
export const tellOfOrder =
  (deps: NoticeDeps) =>
  async (sql: Sql, { orderId, ...order }: PlacedOrder): Promise<void> =>
    tell(deps, sql, {
      key: `order ${orderId}`,
      event: 'order_placed',
      words: tellOrder({ ...order, consoleUrl: deps.publicUrl() }),
      data: { spend_order_id: orderId, kind: order.kind, amount_micros: order.amountMicros },
    });
