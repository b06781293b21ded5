import { expect, it } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { createNewId } from '../../kernel/index.ts';
import { createRandomBytes } from '../crypto.ts';
import { createLog } from '../log.ts';
import { Undelivered } from '../outbound/undelivered.ts';
import { createSecretBox } from '../secret-box.ts';
import { migrate } from '../sql/index.ts';
import { TRIES_MAX, waitAfter } from './back-off.ts';
import { createDeliverDue, type OpenDelivery, type Sender } from './deliver-due.ts';
import { createPostNotice, type NewNotice, outboxMigrations, outboxStore } from './index.ts';
import type { OutboxTables } from './tables.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 10, 2);

const NOTICE: NewNotice = {
  key: 'event-1',
  kind: 'test',
  subject: 'Something happened',
  deliveries: [{ channel: 'mail', target: 'ada@example.com', content: { text: 'the secret link' } }],
};

const openOutbox = async (open: OpenDatabase) => {
  const database = await open();
  await migrate(database, outboxMigrations);
  const clock = { ms: START };
  const now = () => clock.ms;
  const secrets = createSecretBox('the secret of the tests, long enough');
  const post = createPostNotice({ secrets, now, newId: createNewId(now, createRandomBytes()) });
  const sent: OpenDelivery[] = [];
  const node = (sender: Sender = async () => 'ok') => {
    const send: Sender = async (delivery) => {
      sent.push(delivery);
      return sender(delivery);
    };
    const senders = { mail: send, webhook: send, slack: send };
    return createDeliverDue({ database, secrets, senders, now, log: createLog('silent') });
  };
  const rows = () =>
    database.tables<OutboxTables>().selectFrom('outbox_deliveries').selectAll().orderBy('id').execute();
  return { database, clock, post, node, sent, rows };
};

forEachDatabase((_, open) => {
  it('an event is told once, however often it is noticed, and not at all when its change is rolled back', async () => {
    const { database, post, node, sent } = await openOutbox(open);
    const undone = database.transaction(async (sql) => {
      await post(sql, { ...NOTICE, key: 'undone' });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    const posted = await Promise.all(Array.from({ length: 5 }, () => database.transaction((sql) => post(sql, NOTICE))));
    expect(posted.filter(Boolean)).toHaveLength(1);
    await node()();
    expect(sent.map(({ content }) => content)).toEqual([{ text: 'the secret link' }]);
  });

  it('of several nodes one sends each delivery', async () => {
    const { database, post, node, sent, rows } = await openOutbox(open);
    const deliveries = Array.from({ length: 60 }, (_, at) => ({
      channel: 'mail' as const,
      target: `p${at}`,
      content: at,
    }));
    await post(database, { ...NOTICE, deliveries });
    await Promise.all([node()(), node()(), node()(), node()()]);
    expect(sent.map(({ content }) => content).sort((a, b) => Number(a) - Number(b))).toEqual(
      deliveries.map((_, at) => at),
    );
    expect(new Set((await rows()).map(({ state }) => state))).toEqual(new Set(['delivered']));
  });

  it('what is sent is sealed until then and forgotten afterwards', async () => {
    const { database, post, node, rows } = await openOutbox(open);
    await post(database, NOTICE);
    expect((await rows())[0]?.content).not.toContain('secret');
    await node(async () => '250 queued')();
    expect((await rows())[0]).toMatchObject({
      state: 'delivered',
      content: null,
      answer: '250 queued',
      delivered_at: START,
    });
  });

  it('what fails is tried again, later each time, and given up in sight of administrators', async () => {
    const { database, clock, post, node, sent, rows } = await openOutbox(open);
    await post(database, NOTICE);
    const deliver = node(() => Promise.reject(new Undelivered('busy')));
    await deliver();
    await deliver();
    expect(sent).toHaveLength(1);
    expect((await rows())[0]).toMatchObject({ state: 'due', answer: 'busy', next_try_at: START + waitAfter(1) });
    for (let tries = 2; tries <= TRIES_MAX; tries++) {
      clock.ms += waitAfter(tries - 1);
      await deliver();
      expect(sent).toHaveLength(tries);
    }
    expect((await rows())[0]).toMatchObject({ state: 'failed', attempts: TRIES_MAX });
    expect(await outboxStore(database).countFailed()).toBe(1);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    const id = sent[0]?.id ?? '';
    expect(await outboxStore(database).reopen(id, clock.ms)).toBe(true);
    expect(await outboxStore(database).reopen(id, clock.ms)).toBe(false);
    await node()();
    expect((await rows())[0]).toMatchObject({ state: 'delivered' });
  });

  it('what the other side refuses for good is not tried again', async () => {
    const { database, clock, post, node, sent, rows } = await openOutbox(open);
    await post(database, NOTICE);
    await node(() => Promise.reject(new Undelivered('no such mailbox', { isFinal: true })))();
    clock.ms += 60 * MINUTE_MS;
    await node()();
    expect(sent).toHaveLength(1);
    expect((await rows())[0]).toMatchObject({ state: 'failed', answer: 'no such mailbox' });
  });

  it('a node that dies between sending and saying so leaves it to be sent again: twice, never not at all', async () => {
    const { database, clock, post, node, sent, rows } = await openOutbox(open);
    await post(database, NOTICE);
    void node(() => new Promise(() => undefined))();
    for (let waited = 0; sent.length === 0 && waited < 1000; waited++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await node()();
    expect(sent).toHaveLength(1);
    clock.ms += 2 * MINUTE_MS;
    await node()();
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect((await rows())[0]).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('a node whose claim has ended does not change what another has done since', async () => {
    const { database, clock, post, node, sent, rows } = await openOutbox(open);
    await post(database, NOTICE);
    let fail = (_: Error): void => undefined;
    const slow = node(
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    )();
    for (let waited = 0; sent.length === 0 && waited < 1000; waited++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    clock.ms += 2 * MINUTE_MS;
    await node()();
    fail(new Error('late'));
    await slow;
    expect((await rows())[0]).toMatchObject({ state: 'delivered', answer: 'ok' });
  });

  it('lists the newest first, by kind and by state, and forgets the old', async () => {
    const { database, clock, post, node } = await openOutbox(open);
    for (const key of ['a', 'b', 'c']) {
      clock.ms += 1000;
      await post(database, { ...NOTICE, key, kind: key });
    }
    const store = outboxStore(database);
    const list = async (filter: object) =>
      (await store.list({ limit: 10, kinds: [], ...filter })).map(({ key }) => key);
    expect(await list({})).toEqual(['c', 'b', 'a']);
    expect(await list({ kinds: ['a', 'b'] })).toEqual(['b', 'a']);
    expect(await list({ state: 'failed' })).toEqual([]);
    await node()();
    expect(await list({ state: 'delivered' })).toEqual(['c', 'b', 'a']);
    await store.forgetBefore(START + 2500);
    expect(await list({})).toEqual(['c']);
    expect(await store.deliveriesOf((await store.list({ limit: 10, kinds: [] })).map(({ id }) => id))).toHaveLength(1);
  });
});
