import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';

/** Opens a connection; `read` is given every piece that arrives, to keep. `connectedEvent` tells when it can be used. */
export type SocketOpener = {
  readonly connectedEvent: 'connect' | 'secureConnect';
  open(read: (chunk: Buffer) => void): Socket;
};

const READ_BYTES = 64 * 1024;

type Address = { readonly host: string; readonly port: number };

/**
 * One buffer to read into for all plain connections: a read that allocates its own takes 64 KB for every few hundred
 * bytes of a stream. What is passed on is a copy.
 */
const plainOpener = (address: Address): SocketOpener => {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  return {
    connectedEvent: 'connect',
    open: (read) =>
      connectPlain({
        ...address,
        noDelay: true,
        keepAlive: true,
        onread: {
          buffer,
          callback: (length) => {
            const copy = Buffer.allocUnsafe(length);
            buffer.copy(copy, 0, 0, length);
            read(copy);
            return true;
          },
        },
      }),
  };
};

/** Certificates are checked as Node does by default; a session is kept, so that later handshakes are short. */
const secureOpener = (address: Address): SocketOpener => {
  let session: Buffer | undefined;
  return {
    connectedEvent: 'secureConnect',
    open: (read) => {
      const socket = connectSecure({
        ...address,
        ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
        ALPNProtocols: ['http/1.1'],
        ...(session === undefined ? {} : { session }),
      });
      socket.setNoDelay(true);
      socket.on('session', (ticket: Buffer) => {
        session = ticket;
      });
      socket.on('data', read);
      return socket;
    },
  };
};

/** How to connect to an origin, `http:` or `https:`. */
export const createSocketOpener = ({ protocol, hostname, port }: URL): SocketOpener => {
  const isSecure = protocol === 'https:';
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80) };
  return isSecure ? secureOpener(address) : plainOpener(address);
};
