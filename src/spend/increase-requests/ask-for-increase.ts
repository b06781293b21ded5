import { changeInTurn } from '../../directory/index.ts';
import { type Doer, dayOf, type Period, Refusal } from '../../kernel/index.ts';
import type { SpendDeps } from '../deps.ts';
import { toDate, toWireTime } from '../wire.ts';
import { readMyStanding } from './my-spend.ts';
import { type MayNotAsk, periodToAskFor, QUIET_DAYS } from './rules/may-ask.ts';
import { requestStore, type StoredRequest } from './store.ts';

const WHY_NOT: Readonly<Record<Exclude<MayNotAsk, 'pending'>, string>> = {
  switched_off: 'Your organisation takes no requests for higher limits here. Ask an administrator.',
  no_limit: 'You have no spend limit of your own that could be raised.',
  denied_recently: `A request of yours was denied. You can ask again ${QUIET_DAYS} days after that.`,
};

/** Asks for a higher limit in a member's name: one request may be pending. */
export const askForIncrease =
  (deps: SpendDeps) =>
  (userId: string, period: Period | undefined, by: Doer): Promise<void> =>
    changeInTurn(deps.database, async (sql) => {
      const { standings, mayAsk, requests } = await readMyStanding(deps, sql, userId);
      const asked = period ?? periodToAskFor(standings, mayAsk);
      if (asked === undefined || !mayAsk.periods.includes(asked)) {
        const about = standings.find((one) => one.period === asked);
        const pending = requests.find(({ status }) => status === 'pending');
        if (mayAsk.because === 'pending' && pending !== undefined) throw refuseSecond(pending);
        throw refuse(mayAsk.because ?? (about?.isLimited ? 'denied_recently' : 'no_limit'));
      }
      const id = deps.newId('increaseRequest');
      await requestStore(sql).insert({ id, user_id: userId, period: asked, created_at: deps.now() });
      await deps.record(sql, by, {
        type: 'remit_spend_limit_increase_requested',
        user_id: userId,
        spend_limit_increase_request_id: id,
        period: asked,
      });
    });

const refuse = (why: MayNotAsk): Refusal =>
  new Refusal('invalid_request', why === 'pending' ? ONE_WAITS : WHY_NOT[why], {
    details: { error_code: `increase_request_${why}` },
  });

const ONE_WAITS = 'You have asked already. An administrator will decide.';

/** Says which request waits for an answer. */
const refuseSecond = ({ id, period, created_at }: StoredRequest): Refusal =>
  new Refusal(
    'conflict',
    `You asked for a higher ${period} limit on ${toDate(dayOf(created_at))}, and an administrator has not decided yet. You can ask again after that.`,
    {
      details: {
        error_code: 'increase_request_pending',
        spend_limit_increase_request_id: id,
        period,
        created_at: toWireTime(created_at),
      },
    },
  );
