const DAY_MS = 86_400_000;

const nameOf = (date: Date, now: Date): string => {
  const day = date.toDateString();
  if (day === now.toDateString()) return 'Today';
  if (day === new Date(now.getTime() - DAY_MS).toDateString()) return 'Yesterday';
  return date.toLocaleDateString(undefined, { dateStyle: 'full' });
};

/** Things in their order, cut where the reader's calendar turns a page; each part with the name of its day. */
export const byDay = <Thing extends { readonly created_at: string }>(
  things: readonly Thing[],
  now: Date,
): readonly (readonly [day: string, things: readonly Thing[]])[] => {
  const days: [string, Thing[]][] = [];
  for (const thing of things) {
    const day = nameOf(new Date(thing.created_at), now);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(thing);
    else days.push([day, [thing]]);
  }
  return days;
};
