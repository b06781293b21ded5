import { connect } from 'node:net';
import { createMessageReader } from './message-reader.ts';

/** What one exchange on a connection came to; times in milliseconds on the process's monotonic clock. */
export type Exchange = { status: number; payloadBytes: number; firstByteAfter: number };

/** What a connection reports. `broken` says that it closed in the middle of an exchange or could not be opened. */
export type ConnectionEvents = {
  done(exchange: Exchange): void;
  broken(): void;
  payload?(bytes: Buffer): void;
  firstByte?(): void;
};

/** A keep-alive client connection with one exchange at a time. */
export type Connection = { send(request: Uint8Array): void; close(): void; readonly isUsable: boolean };

// Reads are handled before the next one starts, so that every connection may read into the same memory.
const readBuffer = Buffer.allocUnsafe(256 * 1024);

/** Opens a connection; it may be sent to at once. Time to first byte runs from `send` to the first byte of the body. */
export const openConnection = (port: number, events: ConnectionEvents): Connection => {
  let sentAt = 0;
  let isBusy = false;
  let isUsable = true;
  let exchange: Exchange = { status: 0, payloadBytes: 0, firstByteAfter: 0 };

  const reader = createMessageReader({
    head: (text) => {
      exchange.status = Number.parseInt(text.slice(9, 12), 10);
    },
    body: (bytes) => {
      if (exchange.payloadBytes === 0) {
        exchange.firstByteAfter = performance.now() - sentAt;
        events.firstByte?.();
      }
      exchange.payloadBytes += bytes.length;
      events.payload?.(bytes);
    },
    end: () => {
      isBusy = false;
      events.done(exchange);
    },
  });

  const callback = (bytes: number): boolean => {
    reader.feed(readBuffer.subarray(0, bytes));
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: readBuffer, callback } });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    isUsable = false;
    if (isBusy) events.broken();
    isBusy = false;
  });
  return {
    send(request) {
      exchange = { status: 0, payloadBytes: 0, firstByteAfter: 0 };
      isBusy = true;
      sentAt = performance.now();
      socket.write(request);
    },
    close: () => socket.destroy(),
    get isUsable() {
      return isUsable;
    },
  };
};
