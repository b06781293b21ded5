/** Below this, the collector's own work is the cheaper one. */
const LARGE_BYTES_MIN = 16 * 1024;

/**
 * Gives the memory of a large buffer back at once, which must not be used any more. Left to the collector, the bodies of
 * a few hundred requests pile up outside its heap, and it answers that with full collections: at 100 KB a body they cost
 * more than all else. A buffer that shares its memory with others is left alone.
 */
export const giveBack = (buffer: Buffer): void => {
  const memory = buffer.buffer;
  if (buffer.length < LARGE_BYTES_MIN || memory.byteLength !== buffer.length || !(memory instanceof ArrayBuffer))
    return;
  memory.transfer(0);
};
