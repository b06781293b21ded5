import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { readCopies } from '../read-copies.ts';

/** Opens a connection; `read` is given every piece that arrives, to keep. `connectedEvent` tells when it can be used. */
export type SocketOpener = {
  readonly connectedEvent: 'connect' | 'secureConnect';
  open(read: (chunk: Buffer) => void): Socket;
};

type Address = { readonly host: string; readonly port: number };

const plainOpener = (address: Address): SocketOpener => ({
  connectedEvent: 'connect',
  open: (read) => {
    const onread = readCopies((chunk) => {
      read(chunk);
      return true;
    });
    return connectPlain({ ...address, noDelay: true, keepAlive: true, onread });
  },
});

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
