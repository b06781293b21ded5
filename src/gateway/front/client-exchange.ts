import type { Socket } from 'node:net';
import type { Body } from '../body.ts';
import type { RequestHead } from '../request-head.ts';
import type { ForwardedHead } from '../upstream/forwarded-head.ts';
import type { WrittenHeaders } from '../written-headers.ts';

/** Hears of what the client does while it is answered. */
export type ClientListener = {
  /** The client went away before its answer was whole. */
  left(): void;
  /** The client has caught up with what was written. */
  drained(): void;
};

/** One Messages request and the way to answer it, whoever reads the connection it came on. */
export type ClientExchange = {
  /** Path with query. */
  readonly url: string;
  /** Names and values alternating, as they came. */
  readonly rawHeaders: readonly string[];
  readonly head: RequestHead;
  /** The head to forward it with. */
  readonly forwarded: ForwardedHead;
  readonly socket: Socket;
  /** The whole body, unpacked: at once when it is here already. Throws or rejects with a Refusal, or with ClientLeft. */
  collect(bytesMax: number): Body | Promise<Body>;
  /** Whether the answer's head has been given. */
  readonly hasBegun: boolean;
  /** Whether the answer has ended, or the client has gone. */
  readonly isOver: boolean;
  listen(listener: ClientListener): void;
  /** Begins the answer. */
  begin(status: number, headers: WrittenHeaders): void;
  /** Takes the next bytes; false when the client reads too slowly, until it has `drained`. */
  write(chunk: Buffer): boolean;
  /** Ends the answer with what is left; it has to be the last call. */
  end(last?: Buffer): void;
  /** Answers in one piece; the list alternates names, in small letters, and values. A connection whose request is not whole yet ends after it. */
  answer(status: number, headers: readonly string[], text: string): void;
  /** Ends the connection at once. */
  cut(): void;
};

/** What may wait to be sent before the provider is asked to pause. */
export const WAITING_BYTES_MAX = 64 * 1024;

/** How long a client that is still sending may go on, unheard, until the connection ends. */
export const LINGER_MS = 5000;
