import type { Snapshot } from '../../access/index.ts';
import { HABITS, type Habit, SERVICE_HABITS } from './habits.ts';
import { createRandom, type Random } from './random.ts';
import { DAY_MS, drawStarts } from './schedule.ts';
import { runScript } from './script.ts';
import { runCodeSession } from './session.ts';
import type { DemoKey } from './set-up.ts';
import { createWorld, type Exchange, type Worker, type World } from './world.ts';

export type TrafficOptions = {
  readonly snapshot: Snapshot;
  readonly keys: readonly DemoKey[];
  /** The end of the window, epoch ms: nothing has happened after it. */
  readonly now: number;
  readonly days: number;
  readonly seed: number;
};

const VERSION_AT_NOW = 330;
const VERSION_DAYS = 3;

/** How a person's Claude Code names itself: in a terminal or an editor, updated every few days. */
const claudeCode = (entry: string, now: number) => (at: number) =>
  `claude-cli/2.1.${VERSION_AT_NOW - Math.ceil((now - at) / (VERSION_DAYS * DAY_MS))} (external, ${entry})`;

const entryOf = ({ owner }: DemoKey, random: Random): string =>
  owner.kind === 'service'
    ? 'sdk-cli'
    : random.weighted([
        ['cli', 70],
        ['claude-vscode', 24],
        ['sdk-cli', 6],
      ]);

const habitOf = ({ owner }: DemoKey): Habit => {
  const habit = owner.kind === 'member' ? HABITS[owner.member.habit] : SERVICE_HABITS[owner.name];
  if (habit === undefined) throw new Error('a service key without a habit');
  return habit;
};

const drawForKey = (world: World, key: DemoKey, days: number): readonly Exchange[] => {
  const { random, now } = world;
  const habit = habitOf(key);
  const worker: Worker = {
    caller: world.callerOf(key.id),
    habit,
    client: claudeCode(entryOf(key, random), now),
  };
  const zeal = key.owner.kind === 'service' ? 1 : Math.min(2.2, random.skewed(1, 0.45));
  const utcOffset = key.owner.kind === 'member' ? key.owner.member.utcOffset : 1;
  const starts = drawStarts(
    { rhythm: habit.rhythm, sessionsPerDay: habit.sessionsPerDay * zeal, utcOffset },
    { now, days },
    random,
  );
  return starts.flatMap((at) =>
    random.chance(habit.scripts.share) ? runScript(world, worker, at) : runCodeSession(world, worker, at),
  );
};

/**
 * The requests of a whole organisation over some days, oldest first, each decided by the product's own evaluator under
 * the snapshot. The same options give the same requests.
 */
export const drawTraffic = ({ snapshot, keys, now, days, seed }: TrafficOptions): readonly Exchange[] => {
  const exchanges = keys.flatMap((key, index) =>
    drawForKey(createWorld(snapshot, now, createRandom(seed + index)), key, days),
  );
  return exchanges
    .filter(({ decided, ending }) => (ending?.endedAt ?? decided.startedAt) < now)
    .sort((one, other) => one.decided.startedAt - other.decided.startedAt);
};
