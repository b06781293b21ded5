import type { Caller } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';

/** The streams of this node that stay open to hear of changes, by whose they are. */
export type OpenStreams = {
  /** Enters a stream of a caller and answers what takes it out again. Throws a Refusal where they have too many. */
  enter(caller: Caller): () => void;
};

const tooMany = (max: number): Refusal =>
  new Refusal(
    'rate_limited',
    `You hold ${max} streams to connectors open, as many as one may. Close clients that you do not use, and this one can connect again.`,
    { details: { error_code: 'mcp_too_many_streams', max } },
  );

// A service key stands for its group, which has no person behind it.
const ownerOf = ({ userId, groupId, credential }: Caller): string => userId ?? groupId ?? credential.id;

/** Counts streams: each holds a connection here and one at its server, and clients open one per connector and window. */
export const createOpenStreams = (max: number): OpenStreams => {
  const open = new Map<string, number>();
  return {
    enter: (caller) => {
      const owner = ownerOf(caller);
      const count = open.get(owner) ?? 0;
      if (count >= max) throw tooMany(max);
      open.set(owner, count + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (open.get(owner) ?? 1) - 1;
        if (left === 0) open.delete(owner);
        else open.set(owner, left);
      };
    },
  };
};
