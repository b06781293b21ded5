/** How much it takes to come from the letters before `at` and `place` to those up to them. */
const cheapest = (
  rows: readonly (readonly number[])[],
  [one, other]: readonly [string, string],
  place: number,
): number => {
  const at = rows.length - 1;
  const [before = [], now = []] = rows.slice(-2);
  const same = one[at - 1] === other[place - 1];
  const isSwapped = at > 1 && place > 1 && one[at - 1] === other[place - 2] && one[at - 2] === other[place - 1];
  return Math.min(
    (before[place - 1] ?? 0) + (same ? 0 : 1),
    (before[place] ?? 0) + 1,
    (now[place - 1] ?? 0) + 1,
    isSwapped ? (rows[at - 2]?.[place - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
  );
};

/** How many letters have to be changed, added, left out or swapped with the next to come from one word to another. */
const distance = (one: string, other: string): number => {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let at = 1; at <= one.length; at++) {
    const row = [at];
    rows.push(row);
    for (let place = 1; place <= other.length; place++) row.push(cheapest(rows, [one, other], place));
  }
  return rows.at(-1)?.at(-1) ?? 0;
};

/** A third of the letters may be wrong before two words are simply different. */
const TOLERANCE = 3;

/** The known word that somebody probably meant; undefined when none is near. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const asked = word.toLowerCase();
  const found = known
    .map((one) => ({ one, away: distance(asked, one.toLowerCase()) }))
    .filter(({ one, away }) => away <= Math.max(1, Math.floor(Math.max(one.length, word.length) / TOLERANCE)))
    .toSorted((a, b) => a.away - b.away);
  return found[0]?.one;
};

/** ` Did you mean “X”?`, or nothing. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near === undefined ? '' : ` Did you mean “${near}”?`;
};
