import type { Socket } from 'node:net';

/** What leaves together: texts of one byte a character, pieces of bytes, and text again. `bytes` is the size of the pieces. */
export type Sending = {
  readonly before: readonly string[];
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  readonly after: string;
};

/** Up to here all of it is put together in one buffer; beyond it, copying would cost more than further pieces do. */
export const JOINED_BYTES_MAX = 16 * 1024;

const PAGE_BYTES = 64 * 1024;

let page = Buffer.allocUnsafeSlow(PAGE_BYTES);
let used = 0;

/**
 * Sends something small, of up to {@link PAGE_BYTES}, as one buffer. All connections put theirs together in the same memory:
 * the kernel nearly always takes everything at once, and then the place is free again. Where it does not, the socket keeps
 * its part of the page until it has been sent, and the next one begins behind it.
 */
const sendJoined = (socket: Socket, { before, pieces, after }: Sending, size: number): boolean => {
  if (used + size > PAGE_BYTES) {
    page = Buffer.allocUnsafeSlow(PAGE_BYTES);
    used = 0;
  }
  let at = used;
  for (const text of before) at += page.write(text, at, 'latin1');
  for (const piece of pieces) {
    page.set(piece, at);
    at += piece.length;
  }
  if (after !== '') at += page.write(after, at, 'latin1');
  const hasRoom = socket.write(page.subarray(used, at));
  if (socket.writableLength > 0) used = at;
  return hasRoom;
};

/** Writes to a socket in one system call, or in none where there is nothing to write; answers what `write` does. */
export const sendPieces = (socket: Socket, sending: Sending): boolean => {
  const { before, pieces, bytes, after } = sending;
  let size = bytes + after.length;
  for (const text of before) size += text.length;
  if (size === 0) return true;
  if (bytes <= JOINED_BYTES_MAX && size <= PAGE_BYTES) return sendJoined(socket, sending, size);
  const [only] = pieces;
  socket.cork();
  const start = before.join('');
  if (start !== '') socket.write(start, 'latin1');
  let hasRoom = socket.write(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces, bytes));
  if (after !== '') hasRoom = socket.write(after, 'latin1');
  socket.uncork();
  return hasRoom;
};
