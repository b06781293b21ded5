import { Socket } from 'node:net';
import { readCopies } from '../read-copies.ts';

/** A client's socket that is read without its stream, until that is asked for. */
export type ClientSocket = {
  readonly socket: Socket;
  /** From here on, what arrives is for whoever reads the socket as a stream. */
  becomeStream(): void;
};

/** What of an accepted socket node keeps to itself: the operating system's end of it. */
type Accepted = Socket & { _handle: unknown };

const readAsStream = (socket: Socket, read: (chunk: Buffer) => void): ClientSocket => {
  socket.on('data', read);
  return { socket, becomeStream: () => void socket.off('data', read) };
};

/**
 * Reads an accepted socket in the way `onread` offers for sockets one opens oneself; reading it as a stream costs a small
 * request a twentieth more. Servers do not offer it for what they accept, so a second socket takes over the first one's
 * handle, in the way node's own modules do; the first stays behind, for its server to count. Where there is nothing to take
 * over, `accepted` itself is read, as a stream. `read` is given every piece that arrives, to keep.
 */
export const readClientSocket = (accepted: Socket, read: (chunk: Buffer) => void): ClientSocket => {
  const left = accepted as Accepted;
  const handle = left._handle;
  if (accepted.constructor !== Socket || typeof handle !== 'object' || handle === null)
    return readAsStream(accepted, read);
  let isStream = false;
  const onread = readCopies((chunk) => {
    if (isStream) return socket.push(chunk);
    read(chunk);
    return true;
  });
  left._handle = null;
  // The types know no handle but that of a socket which is bound and not connected.
  const options: object = { handle, allowHalfOpen: true, onread };
  const socket = new Socket(options);
  socket.once('close', () => accepted.destroy());
  return {
    socket,
    becomeStream: () => {
      isStream = true;
    },
  };
};
