import type { Journal } from '../../../platform/index.ts';

type Append = Parameters<Journal['append']>;

/** Steps whose rows are still on their way when a process is killed. */
const STEPS_UNDER_WAY = 3;

/**
 * A journal whose rows reach the database some steps later, so that a crash can lose the newest of them. What one step
 * queues shares a commit, as what one turn of the event loop queues does: it is lost together or not at all.
 */
export const createLaggingJournal = (journal: Journal) => {
  let steps: Append[][] = [[]];

  const passOn = (some: readonly Append[][]): void => {
    for (const append of some.flat()) journal.append(...append);
  };
  const passAll = (): void => {
    const all = steps;
    steps = [[]];
    passOn(all);
  };

  return {
    journal: {
      append: (...append: Append) => void steps.at(-1)?.push(append),
      flush: async () => {
        passAll();
        await journal.flush();
      },
      get pending() {
        return steps.flat().length + journal.pending;
      },
      get hasFailed() {
        return journal.hasFailed;
      },
    } satisfies Journal,
    /** What is queued from now on belongs to another step. */
    nextStep: (): void => {
      steps.push([]);
      passOn(steps.splice(0, Math.max(0, steps.length - STEPS_UNDER_WAY)));
    },
    /** The process dies: the newest steps are lost, what came before them reaches the disk. */
    lose: async (newest: number): Promise<void> => {
      const kept = steps.slice(0, Math.max(0, steps.length - newest));
      steps = [[]];
      passOn(kept);
      await journal.flush();
    },
  };
};
