import type { OnReadOpts } from 'node:net';

const READ_BYTES = 64 * 1024;

/**
 * One buffer to read into for all plain connections: a read that allocates its own takes 64 KB for every few hundred
 * bytes, and a buffer object of the engine's for each.
 */
const buffer = Buffer.allocUnsafeSlow(READ_BYTES);

/** What `onread` of a socket is to be: `take` is given a copy of every piece that arrives, and answers whether to read on. */
export const readCopies = (take: (chunk: Buffer) => boolean): OnReadOpts => ({
  buffer,
  callback: (length) => {
    const copy = Buffer.allocUnsafe(length);
    buffer.copy(copy, 0, 0, length);
    return take(copy);
  },
});
