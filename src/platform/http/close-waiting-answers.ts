import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const waitingOn = new WeakMap<Socket, Set<ServerResponse>>();

const closeAll = (answers: Iterable<ServerResponse>): void => {
  for (const answer of answers) {
    // What has its turn hears of it anyway, and what node has closed itself is destroyed by now.
    if (answer.destroyed || answer.socket !== null) continue;
    answer.destroy();
    answer.emit('close');
  }
};

/**
 * Has an answer that waits for another one on its connection hear when that closes. Node before 24.18 forgets it: whoever
 * writes it would wait for its client forever.
 */
export const closeWhileWaiting = ({ socket }: IncomingMessage, answer: ServerResponse): void => {
  if (answer.socket !== null) return;
  const known = waitingOn.get(socket);
  const waiting = known ?? new Set();
  waiting.add(answer);
  answer.once('close', () => waiting.delete(answer));
  if (known !== undefined) return;
  waitingOn.set(socket, waiting);
  socket.once('close', () => closeAll(waiting));
};
