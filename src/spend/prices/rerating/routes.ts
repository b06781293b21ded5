import { notFound, readNames } from '../../../directory/index.ts';
import { type Route, route } from '../../../platform/index.ts';
import { toDate, toWireTime } from '../../wire.ts';
import { toDifference } from '../preview-rules.ts';
import type { ReratingRow } from '../tables.ts';
import { bookRerating, readWanted, type WantedRerating } from './book-rerating.ts';
import { continueRerating, type ReratingDeps } from './continue-rerating.ts';
import * as contract from './contract.ts';
import { findDifference } from './find-difference.ts';
import { largestChangeFirst } from './rules/difference.ts';
import { reratingStore } from './store.ts';

export type { ReratingDeps } from './continue-rerating.ts';

const MEMBERS_SHOWN_MAX = 1000;

/** Binds the endpoints about re-rating. */
export const reratingRoutes = (deps: ReratingDeps): readonly Route[] => {
  const store = reratingStore(deps.database);
  return [
    route(contract.previewRerating, ({ body }) => preview(deps, body)),
    route(contract.createRerating, async ({ body, by }) => {
      const row = await bookRerating(deps)(body, by);
      // Who booked it need not wait; a job goes on with what a crash or an error leaves.
      continueRerating(deps)().catch(() => undefined);
      return toWire(row);
    }),
    route(contract.listReratings, async () => ({ data: (await store.list()).map(toWire) })),
    route(contract.getRerating, async ({ params }) => {
      const row = await store.find(params.rerating_id);
      if (row === undefined) throw notFound('re-rating', params.rerating_id);
      return toWire(row);
    }),
  ];
};

const preview = async (deps: ReratingDeps, wanted: WantedRerating): Promise<contract.ReratingPreview> => {
  const { range, book } = await readWanted(deps.database, deps, wanted);
  const found = await findDifference(deps.database, range, book);
  const members = largestChangeFirst(found.byMember);
  const shown = members.slice(0, MEMBERS_SHOWN_MAX);
  const names = await readNames(deps.database, { members: shown.map(([id]) => id) });
  return {
    type: 'rerating_preview',
    starting_date: toDate(range.from),
    ending_date: toDate(range.until),
    price_book: book.version,
    currency: 'USD',
    ...toDifference(found),
    requests: found.rows,
    requests_changed: found.rowsChanged,
    requests_left: found.rowsLeft,
    by_day: [...found.byDay]
      .sort(([a], [b]) => a - b)
      .map(([day, sum]) => ({ date: toDate(day), ...toDifference(sum) })),
    by_model: largestChangeFirst(found.byModel).map(([model, sum]) => ({ model, ...toDifference(sum) })),
    by_member: shown.map(([id, sum]) => ({
      user_id: id,
      name: names.members.get(id)?.name || id,
      email: names.members.get(id)?.email ?? null,
      ...toDifference(sum),
    })),
    members_changed: members.length,
  };
};

const toWire = (row: ReratingRow): contract.Rerating => ({
  type: 'rerating',
  id: row.id,
  starting_date: toDate(row.from_day),
  ending_date: toDate(row.until_day),
  price_book: row.price_book,
  state: row.ended_at === null ? 'running' : 'ended',
  currency: 'USD',
  ...toDifference({ beforeMicros: row.before_micros, afterMicros: row.after_micros }),
  requests: row.rows_seen,
  requests_changed: row.rows_changed,
  requests_left: row.rows_left,
  started_at: toWireTime(row.started_at),
  started_by: row.started_by,
  ended_at: row.ended_at === null ? null : toWireTime(row.ended_at),
});
