import { type Actor, microsOfCents, Refusal } from '../../kernel/index.ts';
import { cursorPage, type Route, readCursor, route } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { toWireLimit } from '../limits/wire.ts';
import { askForIncrease } from './ask-for-increase.ts';
import * as contract from './contract.ts';
import { approveRequest, denyRequest, findRequest } from './decide-request.ts';
import { describeMySpend } from './describe-my-spend.ts';
import { describeRequests } from './describe-requests.ts';
import { listRequests, withMembers } from './list-requests.ts';
import { readMyStanding } from './my-spend.ts';

/** Binds the endpoints about requests for more, and a member's own view, to their operations. */
export const requestRoutes = (deps: SpendDeps): readonly Route[] => [...decideRoutes(deps), ...myRoutes(deps)];

const decideRoutes = (deps: SpendDeps): readonly Route[] => {
  const show = async (id: string): Promise<contract.IncreaseRequest> => {
    const asked = await withMembers(deps.database, [await findRequest(deps.database, id)]);
    const [shown] = await describeRequests(deps, asked);
    if (shown === undefined) throw new Refusal('not_found', 'Whoever asked is no longer a member.');
    return shown;
  };
  return [
    route(contract.listIncreaseRequests, async ({ query }) => {
      const { limit, status: statuses, actor_ids: userIds } = query;
      const filters = ['spend_limit_increase_requests', statuses, userIds];
      const [beforeId] = readCursor(query.page, filters) ?? [];
      const asked = await listRequests(deps.database, { statuses, userIds, limit, beforeId });
      const { data, ...page } = cursorPage(
        asked,
        { limit, filters },
        { toItem: (one) => one, positionOf: ({ request }) => [request.id] },
      );
      return { data: await describeRequests(deps, data), ...page };
    }),
    route(contract.getIncreaseRequest, ({ params }) => show(params.request_id)),
    route(contract.approveIncreaseRequest, async ({ params, body, by }) => {
      const limit = await approveRequest(deps)(
        params.request_id,
        {
          amountMicros: microsOfCents(body.amount),
          period: body.period ?? undefined,
          isQuiet: body.suppress_notification === true,
        },
        by,
      );
      return { ...(await show(params.request_id)), spend_limit: toWireLimit(limit) };
    }),
    route(contract.denyIncreaseRequest, async ({ params, body, by }) => {
      await denyRequest(deps)(params.request_id, { isQuiet: body.suppress_notification === true }, by);
      return show(params.request_id);
    }),
  ];
};

const myRoutes = (deps: SpendDeps): readonly Route[] => {
  const show = async (userId: string) =>
    describeMySpend(await readMyStanding(deps, deps.database, userId), deps.spendPolicy.settings);
  return [
    route(contract.getMySpendLimits, ({ actor }) => show(oneself(actor))),
    route(contract.askForIncrease, async ({ actor, body, by }) => {
      await askForIncrease(deps)(oneself(actor), body.period, by);
      return show(oneself(actor));
    }),
  ];
};

const oneself = (actor: Actor): string => {
  if (actor.kind !== 'member')
    throw new Refusal('permission_denied', 'This answers about a member; the key you used does not belong to one.');
  return actor.userId;
};
