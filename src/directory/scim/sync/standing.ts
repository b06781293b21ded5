import type { Sql } from '../../../platform/index.ts';
import type { Member } from '../../members/store.ts';
import { type Standing, type Step, stepsTowards, type Wish } from '../rules/desired-member.ts';
import type { Directory } from '../store/directory-store.ts';
import { mappingStore } from '../store/mapping-store.ts';
import type { Tables } from '../tables.ts';

/** Somebody with the steps that would bring them to where the identity provider wants them. */
export type Pending = { readonly member: Member; readonly steps: readonly Step[]; readonly isSuspendedHere: boolean };

const CHUNK = 5000;

type Row = Member & {
  readonly user_id: string;
  readonly active: number;
  readonly deleted_at: number | null;
  readonly is_suspended_here: number;
};

const rowsOf = (sql: Sql, directoryId: string, userIds: readonly string[] | 'all'): Promise<readonly Row[]> =>
  sql
    .tables<Tables>()
    .selectFrom('scim_users as u')
    .innerJoin('members as m', 'm.id', 'u.user_id')
    .select(['u.user_id', 'u.active', 'u.deleted_at', 'u.is_suspended_here'])
    .select([
      'm.id',
      'm.email',
      'm.email_key',
      'm.name',
      'm.role',
      'm.status',
      'm.seat_tier',
      'm.added_at',
      'm.updated_at',
    ])
    .where('u.directory_id', '=', directoryId)
    .$if(userIds !== 'all', (query) => query.where('u.user_id', 'in', [...userIds]))
    .orderBy('u.user_id')
    .execute();

type Mapped = Pick<Wish, 'mappedRoles' | 'mappedSeat'>;

const pendingOf = (row: Row, mapped: Mapped): Pending => {
  const { user_id: _, active, deleted_at: deletedAt, is_suspended_here: suspended, ...member } = row;
  const standing: Standing = {
    status: member.status,
    role: member.role,
    isSuspendedHere: suspended === 1,
    seatTier: member.seat_tier,
  };
  const wish: Wish = { isActive: active === 1, isDeleted: deletedAt !== null, ...mapped };
  return { member, steps: stepsTowards(wish, standing), isSuspendedHere: suspended === 1 };
};

/** Finds whom of these people (or of all) the identity provider wants to stand otherwise than they do, and how. */
export const findPending = async (
  sql: Sql,
  directory: Directory,
  userIds: readonly string[] | 'all',
): Promise<readonly Pending[]> => {
  const mappings = mappingStore(sql);
  const mapsSeats = await mappings.mapsSeats(directory.id);
  const pending: Pending[] = [];
  const chunks = userIds === 'all' ? (['all'] as const) : chunksOf(userIds);
  for (const chunk of chunks) {
    const rows = await rowsOf(sql, directory.id, chunk);
    const ids = rows.map(({ id }) => id);
    const roles = directory.maps_roles === 1 ? await mappings.rolesOf(ids) : undefined;
    const seats = mapsSeats ? await mappings.seatsOf(ids) : undefined;
    pending.push(
      ...rows.map((row) =>
        pendingOf(row, {
          mappedRoles: roles && (roles.get(row.id) ?? []),
          mappedSeat: seats && (seats.get(row.id) ?? null),
        }),
      ),
    );
  }
  return pending.filter(({ steps }) => steps.length > 0);
};

const chunksOf = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, at) => ids.slice(at * CHUNK, (at + 1) * CHUNK));
