/** How long removals add up: an identity provider pushes single requests, and a mistake arrives as many of them. */
export const REMOVAL_WINDOW_MS = 60 * 60 * 1000;

/** A pause of this length ends a sync. */
export const SYNC_PAUSE_MS = 10 * 60 * 1000;

/** How many people of how many have lost access within the window, and which share of them may. */
export type Removals = {
  /** With those who have lost access within the window. */
  readonly membersAtStart: number;
  readonly removed: number;
  readonly sharePercent: number;
};

/** How many may lose access within the window without approval: the share, and always one. */
export const removalsAllowed = ({ membersAtStart, sharePercent }: Removals): number =>
  Math.max(1, Math.floor((membersAtStart * sharePercent) / 100));

/** Whether one more removal has to wait for approval. */
export const mustWait = (removals: Removals): boolean => removals.removed + 1 > removalsAllowed(removals);
