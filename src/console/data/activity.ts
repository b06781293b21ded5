import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Activity, listActivities } from '../../activity/contract.ts';
import type { ReplyOf } from '../../platform/contract.ts';
import { type ActivityFilters, timesOf } from './activity-filters.ts';
import { call } from './client.ts';

const PAGE = 50;
const RECENT = 8;
const EXPORT_PAGE = 1000;
const CHECK_MS = 20_000;

/** One page of the feed, newest first. */
export type ActivityPage = ReplyOf<typeof listActivities>;

/** What to read: the filters, with the area among them spelt out as its types. */
export type ActivityQuery = { readonly filters: ActivityFilters; readonly types: readonly string[] };

const queryOf = ({ filters, types }: ActivityQuery) => ({
  activity_types: [...types],
  actor_ids: filters.actor === undefined ? [] : [filters.actor],
  subject_id: filters.subject,
  request_id: filters.request,
  ...timesOf(filters, Date.now()),
});

type Place = { readonly after_id?: string; readonly before_id?: string };

const read = (query: ActivityQuery, place: Place, limit: number): Promise<ActivityPage> =>
  call(listActivities, { query: { ...queryOf(query), ...place, limit } });

/** The feed, newest first, which grows at both ends: the next page is older, the previous one newer. */
export const feedQuery = (query: ActivityQuery) =>
  infiniteQueryOptions({
    queryKey: ['activity-feed', query],
    queryFn: ({ pageParam }) => read(query, pageParam, PAGE),
    initialPageParam: {} as Place,
    // The last page is always one that was read towards older rows, so it knows whether there are more of them.
    getNextPageParam: ({ has_more, last_id }) => (has_more && last_id !== null ? { after_id: last_id } : undefined),
    getPreviousPageParam: ({ first_id }) => (first_id === null ? undefined : { before_id: first_id }),
    // Rows that are being read do not move: what is new is offered instead, and a new visit reads anew.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** What has happened since the newest row shown, asked for every twenty seconds. */
export const newerQuery = (query: ActivityQuery, newestId: string | null) =>
  queryOptions({
    queryKey: ['activity-newer', query, newestId],
    queryFn: () => read(query, newestId === null ? {} : { before_id: newestId }, PAGE),
    refetchInterval: CHECK_MS,
    staleTime: 0,
  });

/** The last things that happened to a member, group, role or key. */
export const recentQuery = (subject: string) =>
  queryOptions({
    queryKey: ['recent-activity', subject],
    queryFn: () => read({ filters: { subject }, types: [] }, {}, RECENT),
    staleTime: 0,
  });

/** Every activity that matches, a thousand at a time, newest first; ends early when `signal` says so. */
export const exportPages = async function* (
  query: ActivityQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly Activity[]> {
  let place: Place = {};
  while (!signal.aborted) {
    const { data, has_more, last_id } = await read(query, place, EXPORT_PAGE);
    if (data.length > 0) yield data;
    if (!has_more || last_id === null) return;
    place = { after_id: last_id };
  }
};
