import { changeInTurn } from '../../directory/index.ts';
import { type Doer, type Period, Refusal } from '../../kernel/index.ts';
import type { SpendDeps } from '../deps.ts';
import { readMyStanding } from './my-spend.ts';
import { type MayNotAsk, periodToAskFor, QUIET_DAYS } from './rules/may-ask.ts';
import { requestStore } from './store.ts';

const WHY_NOT: Readonly<Record<MayNotAsk, string>> = {
  switched_off: 'Your organisation takes no requests for higher limits here. Ask an administrator.',
  no_limit: 'You have no spend limit of your own that could be raised.',
  pending: 'You have asked already. An administrator will decide.',
  denied_recently: `A request of yours was denied. You can ask again ${QUIET_DAYS} days after that.`,
};

/** Asks for a higher limit in a member's name: one request may be pending for each period. */
export const askForIncrease =
  (deps: SpendDeps) =>
  (userId: string, period: Period | undefined, by: Doer): Promise<void> =>
    changeInTurn(deps.database, async (sql) => {
      const { standings, mayAsk } = await readMyStanding(deps, sql, userId);
      const asked = period ?? periodToAskFor(standings, mayAsk);
      if (asked === undefined || !mayAsk.periods.includes(asked)) {
        const about = standings.find((one) => one.period === asked);
        throw refuse(
          mayAsk.because ?? (about?.isPending ? 'pending' : about?.isLimited ? 'denied_recently' : 'no_limit'),
        );
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
  new Refusal(why === 'pending' ? 'conflict' : 'invalid_request', WHY_NOT[why], {
    details: { error_code: `increase_request_${why}` },
  });
