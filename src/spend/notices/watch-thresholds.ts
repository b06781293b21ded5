import type { Day } from '../../kernel/index.ts';
import type { Ceiling } from '../ledger/rules/ceiling.ts';
import { type Crossing, markOf, percentOf } from './crossing.ts';
import type { NoticeDeps } from './deps.ts';
import { reachedOf, writeCrossing } from './write-crossing.ts';

/** Told how accounts stand; tells people, once per threshold and window, over all nodes and restarts. */
export type ThresholdWatch = {
  /**
   * Say how an account stands under a ceiling, whenever a request has settled or was refused. It looks a number up and
   * returns; it never throws, and what has to be told is written soon after.
   */
  crossed(crossing: Crossing): void;
  /** Resolves when everything that was said before is written, or has failed and waits for its next try. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

type Waiting = { readonly crossing: Crossing; readonly at: number };

const RETRY_MS = 5000;

/** Forgotten and learnt again from the marks; a mark takes about 200 bytes. */
const REMEMBERED_MAX = 100_000;

/** Watches thresholds for this node. */
export const watchThresholds = (deps: NoticeDeps): ThresholdWatch => {
  const write = writeCrossing(deps);
  /** The percent that was said last, by mark: most requests move it by less than one. */
  const said = new Map<string, number>();
  /** The same by ceiling, which is the same object for most requests of a caller: spares them the name of the mark. */
  const heard = new WeakMap<Ceiling, { readonly from: Day | undefined; readonly percent: number }>();
  const waiting = new Map<string, Waiting>();
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  const writeOne = async (mark: string, one: Waiting): Promise<void> => {
    const { crossing, at } = one;
    try {
      await write(crossing, at);
    } catch (error) {
      // Behind the others, so that one that cannot be written does not keep them back.
      if (waiting.get(mark) === one) {
        waiting.delete(mark);
        waiting.set(mark, one);
      }
      throw error;
    }
    // What was said of the same account meanwhile has taken this one's place, and is written in the next round.
    if (waiting.get(mark) === one) waiting.delete(mark);
  };

  const writeWaiting = async (): Promise<void> => {
    while (waiting.size > 0) for (const [mark, one] of [...waiting]) await writeOne(mark, one);
  };

  const start = (): void => {
    clearTimeout(retry);
    retry = undefined;
    writing ??= writeWaiting()
      .catch((error: unknown) => {
        deps.log.error({ err: error }, 'a notice could not be written; it is tried again');
        retry = setTimeout(start, RETRY_MS);
        retry.unref();
      })
      .finally(() => {
        writing = undefined;
      });
  };

  return {
    crossed: (crossing) => {
      const percent = percentOf(crossing);
      if (percent === 0) return;
      const { ceiling, window } = crossing;
      const last = heard.get(ceiling);
      if (last !== undefined && last.from === window?.from && percent <= last.percent) return;
      heard.set(ceiling, { from: window?.from, percent });
      const mark = markOf(crossing);
      if (percent <= (said.get(mark) ?? 0)) return;
      if (said.size >= REMEMBERED_MAX) said.clear();
      said.set(mark, percent);
      if (reachedOf(deps, crossing) === undefined) return;
      waiting.set(mark, { crossing, at: deps.now() });
      if (retry === undefined) start();
    },
    flush: async () => {
      while (writing !== undefined) await writing;
    },
    close: async () => {
      while (writing !== undefined) await writing;
      clearTimeout(retry);
      if (waiting.size > 0)
        await writeWaiting().catch((error: unknown) => deps.log.error({ err: error }, 'notices were not written'));
    },
  };
};
