import * as access from '../../access/contract.ts';
import * as directory from '../../directory/contract.ts';
import type { Office } from './office.ts';
import { SHOWN } from './organisation.ts';
import { giveSeats, openWorkspace, orderCredit } from './projects.ts';
import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS } from './schedule.ts';
import { idOf, personAt, type SetUp } from './set-up.ts';

/** Something that was done in the last weeks: so many days before now, at an hour of the day, by somebody. */
type Moment = {
  readonly daysAgo: number;
  readonly hour: number;
  readonly by: string;
  readonly act: (office: Office, ids: SetUp) => Promise<unknown>;
};

const MINUTE_MS = 60_000;
const DAYS = 30;
const OWNER = SHOWN.owner;
const ADMIN = SHOWN.admin;
const SECURITY = 'Ruth Abramov';
const WRONG = 'The e-mail address or the password is not right.';

const GUEST = 'jordan.ellis@northwind-robotics.example';

const capOpus =
  (max_effort: 'high' | 'xhigh' | 'max'): Moment['act'] =>
  ({ call }) =>
    call(access.setModelAccess, { params: { model: 'claude-opus-5-5' }, body: { max_effort } });

const setEffortAction =
  (effort_action: 'observe' | 'clamp'): Moment['act'] =>
  ({ call }) =>
    call(access.setModelSettings, { body: { effort_action } });

const move =
  (name: string, from: string, to: string): Moment['act'] =>
  async ({ call, wait }, { userIds, groupIds }) => {
    const user_id = idOf(userIds, name);
    await call(directory.addGroupMember, { params: { group_id: idOf(groupIds, to) }, body: { user_id } });
    wait(MINUTE_MS);
    await call(directory.removeGroupMember, { params: { group_id: idOf(groupIds, from), user_id } });
  };

const lend =
  (name: string, role: string): Moment['act'] =>
  ({ call }, { userIds, roleIds }) =>
    call(directory.attachUserRole, {
      params: { user_id: idOf(userIds, name) },
      body: { role_id: idOf(roleIds, role) },
    });

const takeBack =
  (name: string, role: string): Moment['act'] =>
  ({ call }, { userIds, roleIds }) =>
    call(directory.detachUserRole, { params: { user_id: idOf(userIds, name), role_id: idOf(roleIds, role) } });

const capContractors =
  (max_effort: 'low' | 'medium'): Moment['act'] =>
  ({ call }, { roleIds }) =>
    call(access.setRoleModelAccess, {
      params: { role_id: idOf(roleIds, 'Contractor access'), model: 'claude-sonnet-5-5' },
      body: { max_effort },
    });

const sendLink =
  (name: string): Moment['act'] =>
  ({ call }, { userIds }) =>
    call(directory.createSignInLink, { params: { user_id: idOf(userIds, name) } });

const suspend =
  (name: string): Moment['act'] =>
  ({ call }, { userIds }) =>
    call(directory.suspendUser, { params: { user_id: idOf(userIds, name) } });

const restore =
  (name: string): Moment['act'] =>
  ({ call }, { userIds }) =>
    call(directory.restoreUser, { params: { user_id: idOf(userIds, name) } });

const welcomeGuest: Moment['act'] = async ({ call, wait }, { groupIds }) => {
  const body = { email: GUEST, name: 'Jordan Ellis', role: 'managed' as const };
  const { id } = await call(directory.addUser, { body });
  wait(MINUTE_MS);
  const group_id = idOf(groupIds, 'Contractors');
  await call(directory.addGroupMember, { params: { group_id }, body: { user_id: id } });
  wait(2 * MINUTE_MS);
  await call(directory.createSignInLink, { params: { user_id: id } });
};

const leaveGuest: Moment['act'] = async ({ call }) => {
  const { data } = await call(directory.listUsers, { query: { email: GUEST } });
  await call(directory.removeUser, { params: { user_id: data[0]?.id ?? '' } });
};

const rotateKey: Moment['act'] = async ({ call, wait }, { groupIds }) => {
  const rbac_group_id = idOf(groupIds, 'Data');
  const { id } = await call(directory.createApiKey, { body: { name: 'Notebook trial', rbac_group_id } });
  wait(35 * MINUTE_MS);
  await call(directory.updateApiKey, { params: { api_key_id: id }, body: { status: 'archived' } });
};

const pauseKey: Moment['act'] = async ({ call, wait }, { keys }) => {
  const key = keys.find(({ owner }) => owner.kind === 'service' && owner.name.startsWith('Nightly'));
  const params = { api_key_id: key?.id ?? '' };
  await call(directory.updateApiKey, { params, body: { status: 'inactive' } });
  wait(50 * MINUTE_MS);
  await call(directory.updateApiKey, { params, body: { status: 'active' } });
};

const tryRole: Moment['act'] = async ({ call, wait }) => {
  const { id } = await call(directory.createRole, { body: { display_name: 'Hackathon' } });
  wait(4 * MINUTE_MS);
  const body = { enabled: true, max_effort: 'high' as const };
  await call(access.setRoleModelAccess, { params: { role_id: id, model: 'claude-fable-5-2' }, body });
};

const endRole: Moment['act'] = async ({ call }) => {
  const { data } = await call(directory.listRoles, { query: { limit: 1000 } });
  const role = data.find(({ display_name }) => display_name === 'Hackathon');
  await call(directory.deleteRole, { params: { role_id: role?.id ?? '' } });
};

/** What happened in the last weeks; at its end everything stands as the set-up left it, so that requests fit it. */
const MOMENTS: readonly Moment[] = [
  { daysAgo: 29, hour: 9.2, by: SECURITY, act: welcomeGuest },
  { daysAgo: 27, hour: 10.4, by: SECURITY, act: setEffortAction('observe') },
  { daysAgo: 26, hour: 14.1, by: OWNER, act: capOpus('max') },
  { daysAgo: 25, hour: 10.2, by: OWNER, act: orderCredit('purchase', '200000', 'Invoice NR-2107') },
  { daysAgo: 24, hour: 11.6, by: SECURITY, act: setEffortAction('clamp') },
  { daysAgo: 22, hour: 13.3, by: ADMIN, act: rotateKey },
  { daysAgo: 20, hour: 9.8, by: OWNER, act: tryRole },
  {
    daysAgo: 18,
    hour: 9.1,
    by: OWNER,
    act: openWorkspace('Fleet telemetry', ['Tomasz Wierzbicki', 'Jonas Keller', 'Aisha Siddiqui']),
  },
  { daysAgo: 17, hour: 15.2, by: OWNER, act: move('Henrik Sørensen', 'Product engineering', 'Platform') },
  { daysAgo: 15, hour: 8.9, by: OWNER, act: endRole },
  { daysAgo: 12, hour: 10.1, by: OWNER, act: capOpus('xhigh') },
  { daysAgo: 11, hour: 14.5, by: OWNER, act: giveSeats },
  { daysAgo: 8, hour: 9.6, by: OWNER, act: orderCredit('purchase', '150000', 'Invoice NR-2121') },
  { daysAgo: 8, hour: 11.3, by: OWNER, act: openWorkspace('Warehouse planner', ['Adaeze Okonkwo', 'Linh Nguyen']) },
  { daysAgo: 4, hour: 13.2, by: OWNER, act: orderCredit('adjustment', '-2500', 'Booked twice') },
  { daysAgo: 14, hour: 9.4, by: ADMIN, act: suspend('Naledi Khumalo') },
  { daysAgo: 10, hour: 13.7, by: SECURITY, act: lend('Pranav Iyer', 'Frontier research') },
  { daysAgo: 9, hour: 16.4, by: ADMIN, act: pauseKey },
  { daysAgo: 6, hour: 9.5, by: OWNER, act: move('Henrik Sørensen', 'Platform', 'Product engineering') },
  { daysAgo: 7, hour: 9.0, by: ADMIN, act: restore('Naledi Khumalo') },
  { daysAgo: 5, hour: 14.2, by: OWNER, act: capContractors('medium') },
  { daysAgo: 3, hour: 11.2, by: ADMIN, act: leaveGuest },
  { daysAgo: 2, hour: 10.8, by: OWNER, act: sendLink('Andrei Popescu') },
  { daysAgo: 1, hour: 9.1, by: OWNER, act: capContractors('low') },
  { daysAgo: 1, hour: 15.6, by: SECURITY, act: takeBack('Pranav Iyer', 'Frontier research') },
];

/** Who opens the console, and how often on a working day. */
const VISITORS: readonly (readonly [name: string, chance: number])[] = [
  [OWNER, 0.45],
  [ADMIN, 0.4],
  [SECURITY, 0.3],
  ['Sofia Lindqvist', 0.15],
  [SHOWN.member, 0.1],
];

const signIn =
  (isMistyped: boolean): Moment['act'] =>
  async ({ note, noteVisitor, wait }) => {
    const auth_method = 'password';
    if (isMistyped)
      await noteVisitor({ type: 'remit_login_failed', auth_method, reason: WRONG, not_recorded_before: 0 });
    wait(MINUTE_MS / 3);
    await note({ type: 'remit_login_succeeded', auth_method, mfa_method: null });
  };

const drawSignIns = (random: Random): readonly Moment[] =>
  Array.from({ length: DAYS }, (_, index) => DAYS - index).flatMap((daysAgo) =>
    VISITORS.flatMap(([by, chance]) =>
      random.chance(chance) ? [{ daysAgo, hour: 7 + 10 * random.next(), by, act: signIn(random.chance(0.08)) }] : [],
    ),
  );

const WEEKEND: Readonly<Record<number, number>> = { 0: 2, 6: 1 };

/** The time of a moment, epoch ms. What would fall on a weekend happens on the Friday before. */
const timeOf = ({ daysAgo, hour }: Moment, now: number): number => {
  const day = Math.floor(now / DAY_MS) - daysAgo;
  const back = WEEKEND[new Date(day * DAY_MS).getUTCDay()] ?? 0;
  return (day - back) * DAY_MS + Math.round(hour * HOUR_MS);
};

/**
 * Lets the organisation live through the month before `now`: people come and go, rules are tried and taken back, the
 * console is opened. All of it is in the feed afterwards, and the policy is what it was before.
 */
export const liveThroughMonth = async (
  office: Office,
  ids: SetUp,
  { now, random }: { now: number; random: Random },
) => {
  const moments = [...MOMENTS, ...drawSignIns(random)]
    .map((moment) => ({ ...moment, time: timeOf(moment, now) }))
    .toSorted((one, other) => one.time - other.time);
  for (const { time, by, act } of moments) {
    office.goTo(time);
    office.actAs(personAt(by, ids));
    await act(office, ids);
  }
  await office.policy.refresh();
};
