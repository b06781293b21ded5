import { applyEdits, type Edit } from '../../scan/index.ts';
import type { ServerFrame } from './read-server-frames.ts';

type List = NonNullable<ServerFrame['list']>;

/** The edits that take hidden tools out of a list, each with the comma that parted it from its neighbour. */
const editsOf = ({ start, end, tools }: List, isVisible: (tool: string) => boolean): readonly Edit[] => {
  const kept = tools.map(({ name }) => name !== null && isVisible(name));
  if (kept.every(Boolean)) return [];
  const first = kept.indexOf(true);
  if (first === -1) return [{ start, end, text: '[]' }];
  return tools.flatMap((tool, index) => {
    if (kept[index]) return [];
    if (index < first) return [{ start: tool.start, end: tools[index + 1]?.start ?? tool.end, text: '' }];
    return [{ start: tools[index - 1]?.end ?? tool.start, end: tool.end, text: '' }];
  });
};

/**
 * A server's message without the tools that are not visible, every other byte as it came; the same bytes when it lists
 * none of those. A tool without a name cannot be judged, and is hidden.
 */
export const hideTools = (
  bytes: Buffer,
  frames: readonly ServerFrame[],
  isVisible: (tool: string) => boolean,
): Buffer => {
  const edits = frames.flatMap(({ list }) => (list === null ? [] : editsOf(list, isVisible)));
  return edits.length === 0 ? bytes : applyEdits(bytes, edits);
};
