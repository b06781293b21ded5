import { useState } from 'react';

/**
 * The way through a list that the server pages, for {@link PageSteps}: behind what each page begins that was gone through.
 * It begins anew when `list` changes, which names what is listed: its filters, as a text.
 */
export const useTrail = (
  list: string,
): readonly [trail: readonly string[], move: (trail: readonly string[]) => void] => {
  const [way, setWay] = useState<{ readonly list: string; readonly trail: readonly string[] }>({ list, trail: [] });
  return [way.list === list ? way.trail : [], (trail) => setWay({ list, trail })];
};
