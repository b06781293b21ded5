import { ID_PREFIXES, type IdPage, idPage, Refusal } from '../kernel/index.ts';
import type { QueryOf } from '../platform/contract.ts';
import type { Sql } from '../platform/index.ts';
import type { Activity, listActivities } from './contract.ts';
import { type ActivityFilter, activityStore, type StoredActivity } from './store.ts';

type Query = QueryOf<typeof listActivities>;

/** The organisation as activities name it: its UUID, with and without the prefix. */
const organizationNames = (uuid: string) => ({ organization_id: `org_${uuid}`, organization_uuid: uuid });

const CURSOR = new RegExp(`^${ID_PREFIXES.activity}[0-9a-z]{26}$`);

const checkCursor = (id: string | undefined): void => {
  if (id !== undefined && !CURSOR.test(id))
    throw new Refusal('invalid_request', 'This cursor is not an id of an activity. Start again without it.');
};

const latest = (...times: readonly (number | undefined)[]): number | undefined => {
  const given = times.filter((time) => time !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
};

const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  const given = times.filter((time) => time !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
};

const ms = (time: string | undefined, plus = 0): number | undefined =>
  time === undefined ? undefined : Date.parse(time) + plus;

const filterOf = (query: Query): ActivityFilter => ({
  types: query.activity_types,
  exceptTypes: query.exclude_activity_types,
  actorIds: [...query.actor_ids, ...query.user_ids],
  subjectId: query.subject_id,
  requestId: query.request_id,
  from: latest(ms(query['created_at.gte']), ms(query['created_at.gt'], 1)),
  until: earliest(ms(query['created_at.lt']), ms(query['created_at.lte'], 1)),
});

const toWire = (row: StoredActivity, organizationUuid: string): Activity => ({
  ...(JSON.parse(row.fields) as Record<string, unknown>),
  id: row.id,
  type: row.type,
  created_at: new Date(row.created_at).toISOString(),
  ...organizationNames(organizationUuid),
  actor: JSON.parse(row.actor) as Activity['actor'],
});

/**
 * One page of the feed. Cursors are positions only: filters apply to the request they are sent with (Compliance API
 * §2.1). An empty page answers the cursor it was asked from, so that a client that polls keeps its place.
 */
export const readActivities = async (
  sql: Sql,
  query: Query,
  organizationUuid: string,
): Promise<IdPage<Activity> & { data: Activity[] }> => {
  const { after_id: afterId, before_id: beforeId, limit, order } = query;
  checkCursor(afterId);
  checkCursor(beforeId);
  const named = Object.values(organizationNames(organizationUuid));
  const isElsewhere = query.organization_ids.length > 0 && !query.organization_ids.some((id) => named.includes(id));
  const rows = isElsewhere ? [] : await activityStore(sql).list(filterOf(query), { order, limit, afterId, beforeId });
  const items = rows.map((row) => toWire(row, organizationUuid));
  const page = idPage(items, limit, beforeId === undefined ? 'forward' : 'backward');
  const place = afterId ?? beforeId ?? null;
  return { ...page, data: [...page.data], first_id: page.first_id ?? place, last_id: page.last_id ?? place };
};
