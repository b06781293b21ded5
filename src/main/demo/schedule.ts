import type { Rhythm } from './habits.ts';
import type { Random } from './random.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

// Sunday first, as getUTCDay counts.
const WEEKDAY_SHARE: Readonly<Record<Rhythm, readonly number[]>> = {
  office: [0.04, 1, 1.12, 1.1, 1.05, 0.78, 0.05],
  'all-day': [0.1, 1, 1.15, 1.1, 1.05, 0.85, 0.12],
  nightly: [1, 1, 1, 1, 1, 1, 1],
};

// How much is begun in each hour of the local day, from midnight.
const HOUR_SHARE: Readonly<Record<Rhythm, readonly number[]>> = {
  office: [0, 0, 0, 0, 0, 0, 0, 0.1, 0.6, 1.3, 1.6, 1.4, 0.6, 1.0, 1.5, 1.5, 1.2, 0.8, 0.3, 0.1, 0.15, 0.15, 0.1, 0],
  'all-day': [
    0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.6, 1, 1.4, 1.6, 1.5, 1, 1.2, 1.6, 1.6, 1.5, 1.2, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1,
  ],
  nightly: [0, 1, 3, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
};

/** Part of the working days somebody is away. */
const AWAY = 0.08;

/** How far use has grown over the window: the first day has this part of the last one's. */
const FIRST_DAY_SHARE = 0.7;

export type Worktime = {
  readonly rhythm: Rhythm;
  readonly sessionsPerDay: number;
  /** Hours ahead of UTC. */
  readonly utcOffset: number;
};

/** When somebody begins a session, in the `days` days up to `now` (epoch ms), unsorted. */
export const drawStarts = (
  { rhythm, sessionsPerDay, utcOffset }: Worktime,
  window: { readonly now: number; readonly days: number },
  random: Random,
): readonly number[] => {
  const hours = HOUR_SHARE[rhythm].map((share, hour) => [hour, share] as const);
  const offsetMs = utcOffset * HOUR_MS;
  const lastDay = Math.floor((window.now + offsetMs) / DAY_MS);
  const starts: number[] = [];
  for (let day = lastDay - window.days; day <= lastDay; day++) {
    const weekday = new Date(day * DAY_MS).getUTCDay();
    const growth = 1 - (1 - FIRST_DAY_SHARE) * ((lastDay - day) / Math.max(1, window.days));
    const isAway = rhythm === 'office' && random.chance(AWAY);
    const sessions = isAway ? 0 : random.count(sessionsPerDay * growth * (WEEKDAY_SHARE[rhythm][weekday] ?? 1));
    for (let i = 0; i < sessions; i++)
      starts.push(day * DAY_MS - offsetMs + random.weighted(hours) * HOUR_MS + random.whole(0, HOUR_MS - 1));
  }
  return starts.filter((at) => at > window.now - window.days * DAY_MS && at < window.now);
};
