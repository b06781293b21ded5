import type { Doer } from '../kernel/index.ts';
import { type Database, type Route, route } from '../platform/index.ts';
import { listActivities } from './contract.ts';
import { readActivities } from './list-activities.ts';
import type { RecordActivity } from './record-activity.ts';

/** What the feed's endpoint stands on; `organizationUuid` answers the organisation's id. */
export type ActivityRoutesDeps = {
  readonly database: Database;
  readonly record: RecordActivity;
  readonly organizationUuid: () => Promise<string>;
};

// The console shows the feed to people who are signed in; what reads it with a key is a machine that copies it.
const isReadByKey = ({ who }: Doer): boolean => !('sessionId' in who) || who.sessionId === null;

/** Binds the feed. */
export const activityRoutes = ({ database, record, organizationUuid }: ActivityRoutesDeps): readonly Route[] => [
  route(listActivities, async ({ query, by, request, requestId }) => {
    const page = await readActivities(database, query, await organizationUuid());
    const { pathname, search } = new URL(request.url);
    if (isReadByKey(by))
      await record(database, by, {
        type: 'compliance_api_accessed',
        request_id: requestId,
        request_method: 'GET',
        status_code: 200,
        url: pathname + search,
        request_body: null,
      });
    return page;
  }),
];
