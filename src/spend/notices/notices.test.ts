import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { type ReceivedMail, startMailServer, type TestMailServer } from '../../../tests/support/mail-server.ts';
import { suspendMember } from '../../directory/members/suspend-member.ts';
import { BY_ADMIN } from '../../directory/testing/open-directory.ts';
import { outboxStore } from '../../platform/index.ts';
import { createChannel } from './change-channels.ts';
import { changeSettings } from './change-settings.ts';
import { ceilingOf, openNoticeStage } from './testing/open-stage.ts';

let server: TestMailServer;
let before = 0;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());
beforeEach(() => {
  before = server.received.length;
});

const mails = (): readonly ReceivedMail[] => server.received.slice(before);
const subjects = () => mails().map(({ subject }) => subject);
const told = () =>
  mails()
    .map(({ to, subject }) => `${to.join()}: ${subject}`)
    .sort();

const ORGANISATION = ceilingOf({ type: 'organization_total' }, 'organization');

forEachDatabase((_, open) => {
  const start = async () => {
    const stage = await openNoticeStage(await open(), { smtpUrl: server.url });
    const owner = await stage.add('owner', 'owner');
    return { ...stage, owner };
  };

  it('each threshold is told once in a period, by however many nodes and as often as it is said', async () => {
    const { node, standing, deliver } = await start();
    const nodes = [node(), node(), node()];
    for (let dollars = 40; dollars <= 100; dollars++)
      for (const one of nodes) one.crossed(standing(ORGANISATION, dollars));
    await Promise.all(nodes.map((one) => one.close()));
    await Promise.all([deliver(), deliver()]);
    const percents = subjects().map((subject) => /(\d+)%|reached/.exec(subject)?.[0]);
    expect(new Set(percents).size).toBe(percents.length);
    expect(percents).toContain('reached');
  });

  it('a threshold that is told is not told again after a restart, nor when spend falls and rises', async () => {
    const { node, standing, deliver } = await start();
    for (const dollars of [76, 60, 80]) {
      const one = node();
      one.crossed(standing(ORGANISATION, dollars));
      await one.close();
    }
    await deliver();
    expect(subjects()).toEqual(["The organisation's monthly spend limit is used to 75%"]);
  });

  it('several thresholds passed at once are one message', async () => {
    const { node, standing, deliver } = await start();
    const one = node();
    one.crossed(standing(ORGANISATION, 10));
    one.crossed(standing(ORGANISATION, 96));
    await one.close();
    await deliver();
    expect(subjects()).toEqual(["The organisation's monthly spend limit is used to 95%"]);
  });

  it('the next period is told anew, and a limit that was raised too', async () => {
    const { node, standing, deliver, toEndOf } = await start();
    const say = async (crossing: ReturnType<typeof standing>) => {
      const one = node();
      one.crossed(crossing);
      await one.close();
    };
    await say(standing(ORGANISATION, 100));
    await say(standing({ ...ORGANISATION, amountMicros: 200_000_000 }, 200));
    toEndOf('monthly');
    await say(standing(ORGANISATION, 100));
    await deliver();
    expect(subjects()).toEqual(Array.from({ length: 3 }, () => "The organisation's monthly spend limit is reached"));
  });

  it('what is settled after midnight counts for the day it was reserved on, and says that this day is over', async () => {
    const { node, standing, deliver, toEndOf, clock } = await start();
    const daily = ceilingOf({ type: 'organization_total' }, 'organization', { period: 'daily' });
    const yesterday = standing(daily, 100);
    toEndOf('daily');
    clock.ms += 1;
    const one = node();
    one.crossed(yesterday);
    await one.close();
    one.crossed(standing(daily, 49));
    await one.close();
    await deliver();
    expect(subjects()).toEqual(["The organisation's daily spend limit is reached"]);
    expect(mails()[0]?.text).toContain('ended on 13 November 2026');
  });

  it('a refusal means that the limit is reached, whatever is left of it; a limit of nothing is not told', async () => {
    const { node, standing, deliver } = await start();
    const one = node();
    one.crossed(standing(ORGANISATION, 98, { isRefused: true }));
    one.crossed(standing({ ...ORGANISATION, limitId: 'spl_2', amountMicros: 0 }, 0, { isRefused: true }));
    await one.close();
    await deliver();
    expect(subjects()).toEqual(["The organisation's monthly spend limit is reached"]);
  });

  it("members are told of their own limits, administrators of the organisation's and the groups', nobody twice", async () => {
    const { node, standing, deliver, add, deps, directoryDeps } = await start();
    const ada = await add('ada');
    const eve = await add('eve');
    await suspendMember(directoryDeps)(eve.id, BY_ADMIN);
    await changeSettings(deps)({ alertEmails: ['finance@example.com', 'OWNER@example.com'] }, BY_ADMIN);
    const one = node();
    one.crossed(standing(ceilingOf({ type: 'organization' }, `user:${ada.id}`), 75));
    one.crossed(standing(ceilingOf({ type: 'user', userId: eve.id }, `user:${eve.id}`), 75));
    one.crossed(standing(ceilingOf({ type: 'rbac_group_pool', groupId: 'rbac_group_1' }, 'pool:rbac_group_1'), 75));
    one.crossed(standing(ceilingOf({ type: 'session' }, 'session:1', { period: null }), 75));
    await one.close();
    await deliver();
    expect(told()).toEqual([
      "OWNER@example.com: The group rbac_group_1's monthly spend limit is used to 75%",
      'ada@example.com: You have used 75% of your monthly spend limit',
      "finance@example.com: The group rbac_group_1's monthly spend limit is used to 75%",
    ]);
  });

  it("the organisation's thresholds hold, and a step of a limit's own adds to them", async () => {
    const { node, standing, deliver, thresholds } = await start();
    thresholds.percents = [80];
    const ladder = [{ atPercent: 30, action: 'notify' as const }];
    const one = node();
    for (const dollars of [29, 31, 60, 81, 100]) {
      one.crossed(standing({ ...ORGANISATION, ladder }, dollars));
      await one.close();
    }
    await deliver();
    expect(subjects().map((subject) => /\d+%/.exec(subject)?.[0])).toEqual(['30%', '80%']);
  });

  it('what cannot be written while the store is in trouble is written afterwards; saying it never throws', async () => {
    const { node, standing, deliver, database } = await start();
    const { schema } = database.tables<unknown>();
    await schema.alterTable('notice_marks').renameTo('notice_marks_away').execute();
    const one = node();
    one.crossed(standing(ORGANISATION, 75));
    one.crossed(standing({ ...ORGANISATION, limitId: 'spl_2' }, 90));
    await one.close();
    await schema.alterTable('notice_marks_away').renameTo('notice_marks').execute();
    await one.close();
    await deliver();
    expect(
      subjects()
        .map((subject) => /\d+%/.exec(subject)?.[0])
        .sort(),
    ).toEqual(['75%', '90%']);
  });

  it('without anybody to tell the notice is kept, and says so by having no deliveries', async () => {
    const { node, standing, database, deps } = await start();
    await changeSettings(deps)({ notifyAdministrators: false }, BY_ADMIN);
    const one = node();
    one.crossed(standing(ORGANISATION, 75));
    await one.close();
    const [notice] = await outboxStore(database).list({ limit: 10, kinds: [] });
    expect(notice?.subject).toContain('75%');
    expect(await outboxStore(database).deliveriesOf([notice?.id ?? ''])).toEqual([]);
  });

  it('the digest comes once a day at its hour, with who waits, and not when nobody does', async () => {
    const { digest, deliver, clock, pending, add } = await start();
    const ada = await add('ada');
    clock.ms = Date.UTC(2026, 10, 12, 8);
    await digest();
    pending.push({ id: 'slir_1', userId: ada.id, period: 'monthly', createdAt: clock.ms });
    await digest();
    await deliver();
    expect(subjects()).toEqual([]);
    clock.ms = Date.UTC(2026, 10, 13, 7, 59, 59);
    await digest();
    await deliver();
    expect(subjects()).toEqual([]);
    clock.ms = Date.UTC(2026, 10, 13, 8);
    await Promise.all([digest(), digest(), digest()]);
    clock.ms += 3_600_000;
    await digest();
    await deliver();
    expect(told()).toEqual(['owner@example.com: One member asks for a higher spend limit']);
    expect(mails()[0]?.text).toContain('ada (ada@example.com), monthly limit, since 12 November 2026');
  });

  it('a decision is told to the member if it is made, and an order to administrators', async () => {
    const { node, deliver, database, add } = await start();
    const ada = await add('ada');
    const decision = { requestId: 'slir_1', userId: ada.id, amountMicros: 5_000_000, period: 'monthly' as const };
    const undone = database.transaction(async (sql) => {
      await node().decided(sql, { ...decision, state: 'approved' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await node().decided(database, { ...decision, state: 'denied' });
    await node().ordered(database, { orderId: 'sord_1', amountMicros: 50_000_000, kind: 'auto_reload' });
    await deliver();
    expect(told()).toEqual([
      'ada@example.com: Your request for more usage is denied',
      'owner@example.com: Auto-reload has ordered $50.00',
    ]);
  });

  it('channels hear what they asked for; of single members only where they say so', async () => {
    const { node, standing, deps, add, database } = await start();
    const ada = await add('ada');
    const channel = (name: string, more: object) =>
      createChannel(deps)({ kind: 'slack', name, url: 'https://hooks.example/x', ...more }, BY_ADMIN);
    const ids = new Map<string, string>();
    for (const [name, more] of [
      ['all', { about_members: true }],
      ['shared', {}],
      ['reached', { events: ['limit_reached'], about_members: true }],
    ] as const)
      ids.set((await channel(name, more)).channel.id, name);
    const one = node();
    one.crossed(standing(ceilingOf({ type: 'organization' }, `user:${ada.id}`), 75));
    one.crossed(standing(ORGANISATION, 100));
    await one.close();
    const notices = await outboxStore(database).list({ limit: 10, kinds: [] });
    const deliveries = await outboxStore(database).deliveriesOf(notices.map(({ id }) => id));
    const heard = deliveries.flatMap(({ channel: kind, target, notice_id }) =>
      kind === 'slack' ? [`${ids.get(target)} ${notices.find(({ id }) => id === notice_id)?.kind}`] : [],
    );
    expect(heard.sort()).toEqual([
      'all limit_reached',
      'all threshold_crossed',
      'reached limit_reached',
      'shared limit_reached',
    ]);
  });
});
