import { ORGANISATION_ROLES } from '../../kernel/index.ts';
import { ACTIVITY_RANGES, type ActivityFilters } from '../data/activity-filters.ts';
import { RANGES, type RequestFilters } from '../data/request-filters.ts';

type Search = Readonly<Record<string, unknown>>;
type MemberSearch = Partial<Readonly<Record<'tab' | 'search' | 'role' | 'status' | 'group', string | undefined>>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const oneOf = <const Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value);

/** The token of a one-time link. */
export const readToken = (search: Search): { token?: string } => {
  const token = text(search.token);
  return token === undefined ? {} : { token };
};

/** The code in the link that a device shows. */
export const readDevice = (search: Search): { user_code?: string } => {
  const code = text(search.user_code);
  return code === undefined ? {} : { user_code: code };
};

/** Where to go after signing in: a path of this console, never another site. */
export const readNext = (search: Search): { next?: string } => {
  const next = text(search.next);
  return next !== undefined && /^\/(?![/\\])/.test(next) ? { next } : {};
};

/** What the sign-in page is told: where to go afterwards, and why a sign-in through a provider did not go through. */
export const readSignIn = (search: Search): { next?: string; problem?: string; request?: string } => {
  const [problem, request] = [text(search.problem), text(search.request)];
  return {
    ...readNext(search),
    ...(problem === undefined ? {} : { problem }),
    ...(request === undefined || !/^req_\w+$/.test(request) ? {} : { request }),
  };
};

/** The finished test of a connection to look at, or why one could not begin. */
export const readConnectionTest = (search: Search): { test?: string; problem?: string } => {
  const [test, problem] = [text(search.test), text(search.problem)];
  return { ...(test === undefined ? {} : { test }), ...(problem === undefined ? {} : { problem }) };
};

/** The filters of a table of requests, as they stand in the address. */
export const readRequestFilters = (search: Search): RequestFilters => ({
  member: text(search.member),
  model: text(search.model),
  effect: oneOf(['allow', 'clamp', 'deny'], search.effect),
  range: oneOf(RANGES, search.range),
});

const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

/** The filters of the feed, as they stand in the address. */
export const readActivityFilters = (search: Search): ActivityFilters => ({
  what: text(search.what),
  actor: text(search.actor),
  subject: text(search.subject),
  request: text(search.request),
  range: oneOf(ACTIVITY_RANGES, search.range),
  from: day(search.from),
  until: day(search.until),
});

/** The tab of a page that is shown; the first one when none is named, or none that the page has. */
export const readTab =
  (...tabs: readonly string[]) =>
  (search: Search): { readonly tab?: string | undefined } => {
    const tab = oneOf(tabs, search.tab);
    return tab === undefined ? {} : { tab };
  };

/** The tab of the members' page, and the filters of its table. */
export const readMemberSearch = (search: Search): MemberSearch => {
  const found: Record<keyof MemberSearch, string | undefined> = {
    ...{ tab: oneOf(['members', 'invites', 'domains'], search.tab), search: text(search.search) },
    ...{ role: oneOf(ORGANISATION_ROLES, search.role), status: oneOf(['active', 'suspended'], search.status) },
    group: text(search.group),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};
