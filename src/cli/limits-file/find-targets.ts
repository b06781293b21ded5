import { listUsers, type User } from '../../directory/contract.ts';
import type { Call } from '../../platform/contract.ts';
import { mapAtOnce, readIdPages } from '../pages.ts';
import type { WantedLimit } from '../policy/rules/plan-limits.ts';
import type { State } from '../policy/rules/state.ts';
import type { LimitRow, Mistake } from './read-rows.ts';

/** The members that lines are about, by id and by e-mail address in small letters. */
export type Members = ReadonlyMap<string, User>;

const IDS_AT_ONCE = 100;
// From here on, reading all members in pages takes fewer calls than asking for some.
const LOOKED_UP_MAX = 1000;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts.filter((text) => text !== ''))];

const readUsers = async (call: Call, ids: readonly string[], emails: readonly string[]): Promise<readonly User[]> => {
  if (ids.length + emails.length > LOOKED_UP_MAX) return readIdPages((query) => call(listUsers, { query }));
  const parts = Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, at) =>
    ids.slice(at * IDS_AT_ONCE, (at + 1) * IDS_AT_ONCE),
  );
  const byId = await mapAtOnce(parts, (some) => call(listUsers, { query: { ids: [...some], limit: IDS_AT_ONCE } }));
  const byEmail = await mapAtOnce(emails, (email) => call(listUsers, { query: { email } }));
  return [...byId, ...byEmail].flatMap(({ data }) => data);
};

/** Looks up the members that lines are about. */
export const readMembers = async (call: Call, rows: readonly LimitRow[]): Promise<Members> => {
  const ofUsers = rows.filter(({ type }) => type === 'user');
  const users = await readUsers(
    call,
    unique(ofUsers.map(({ id }) => id)),
    unique(ofUsers.map(({ id, email }) => (id === '' ? email.toLowerCase() : ''))),
  );
  return new Map(users.flatMap((user) => [[user.id, user] as const, [user.email.toLowerCase(), user] as const]));
};

/** What a line names: its id, or else its address or name. */
const askedOf = ({ id, email, name }: LimitRow): string => id || email || name;

type Found = Pick<WantedLimit, 'target' | 'id' | 'whose'>;
type Directory = Pick<State, 'groups' | 'workspaces' | 'keys' | 'limits'> & { readonly members: Members };
type Named = { readonly id: string; readonly name: string };

/** The one that a line names, or what is wrong with that. */
const pick = <Thing extends Named>(row: LimitRow, things: readonly Thing[], noun: string): Thing | string => {
  const asked = row.id || row.name;
  const alike = things.filter(({ id, name }) => (row.id === '' ? name === asked : id === asked));
  const [only, ...others] = alike;
  if (only === undefined) return `There is no ${noun} with the ${row.id === '' ? 'name' : 'id'} “${asked}”.`;
  return others.length === 0
    ? only
    : `There are ${alike.length} ${noun}s of the name “${asked}”. Write the id of one into scope_id: ${alike.map(({ id }) => id).join(', ')}.`;
};

const named = <Thing extends Named>(found: Thing | string, then: (thing: Thing) => Found): Found | string =>
  typeof found === 'string' ? found : then(found);

const findMember = (row: LimitRow, members: Members): Found | string => {
  const user = members.get(row.id || row.email.toLowerCase());
  if (user === undefined)
    return askedOf(row) === ''
      ? 'Say whose limit it is: by scope_id or email.'
      : `There is no member with the ${row.id === '' ? 'address' : 'id'} “${askedOf(row)}”.`;
  return { target: { type: 'user', userId: user.id }, id: user.id, whose: user.email };
};

const findOne = (row: LimitRow, { groups, workspaces, keys, members }: Directory): Found | string => {
  const { type } = row;
  switch (type) {
    case 'organization_total':
      return { target: { type }, id: '', whose: 'the whole organisation' };
    case 'organization':
      return { target: { type }, id: '', whose: 'each member by default' };
    case 'session':
      return { target: { type }, id: '', whose: 'each session' };
    case 'seat_tier': {
      const seatTier = row.id || row.name;
      if (seatTier === '') return 'Say which seat by scope_id.';
      return { target: { type, seatTier }, id: seatTier, whose: `each member with the seat “${seatTier}”` };
    }
    case 'rbac_group':
    case 'rbac_group_pool':
      return named(pick(row, groups, 'group'), ({ id, name }) => ({
        ...{ target: { type, group: name }, id },
        whose: type === 'rbac_group' ? `each member of the group “${name}”` : `the group “${name}” together`,
      }));
    case 'workspace':
      return named(pick(row, workspaces, 'workspace'), ({ id, name }) => ({
        ...{ target: { type, workspaceId: id }, id, whose: `the workspace “${name}”` },
      }));
    case 'api_key':
      return named(pick(row, keys, 'key'), ({ id, name }) => ({
        ...{ target: { type, keyId: id }, id, whose: `the key “${name}”` },
      }));
    case 'user':
      return findMember(row, members);
    default:
      return type satisfies never;
  }
};

/**
 * What a limit stands on that is not there any more, such as an archived key: an exported file names it, and a line that
 * leaves it as it is asks for nothing.
 */
const findGone = (row: LimitRow, { limits }: Directory): Found | undefined => {
  if (!limits.some(({ type, target }) => type === row.type && target === row.id)) return undefined;
  const gone = { id: row.id, whose: row.name || row.id };
  if (row.type === 'user') return { ...gone, target: { type: row.type, userId: row.id } };
  if (row.type === 'workspace') return { ...gone, target: { type: row.type, workspaceId: row.id } };
  return row.type === 'api_key' ? { ...gone, target: { type: row.type, keyId: row.id } } : undefined;
};

/** Finds whom every line is about. A limit stands in one line. */
export const findTargets = (
  rows: readonly LimitRow[],
  directory: Directory,
): { readonly wanted: readonly WantedLimit[]; readonly mistakes: readonly Mistake[] } => {
  const wanted: WantedLimit[] = [];
  const mistakes: Mistake[] = [];
  const lines = new Map<string, number>();
  for (const row of rows) {
    const { line, period, limit } = row;
    const there = findOne(row, directory);
    const found = typeof there === 'string' ? (findGone(row, directory) ?? there) : there;
    if (typeof found === 'string') {
      mistakes.push({ line, problem: found });
      continue;
    }
    const key = `${row.type} ${period} ${found.id}`;
    const before = lines.get(key);
    if (before === undefined) wanted.push({ ...found, path: [line], period, limit });
    else mistakes.push({ line, problem: `The same limit stands in line ${before} already.` });
    lines.set(key, before ?? line);
  }
  return { wanted, mistakes };
};
