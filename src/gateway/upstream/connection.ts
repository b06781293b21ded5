import type { Socket } from 'node:net';
import type { AnswerParser } from './answer-parser.ts';
import type { SentRequest } from './sent-request.ts';

/** One keep-alive connection to a provider; it carries one request at a time. */
export type Connection = {
  readonly socket: Socket;
  readonly parser: AnswerParser;
  /** The request being answered; undefined between requests, and when nobody wants the answer any more. */
  exchange: SentRequest | undefined;
  phase: 'connecting' | 'waiting' | 'answering' | 'idle';
  /** The sweep at which something last happened here. */
  seenAt: number;
  isPaused: boolean;
  uses: number;
  /** Ends it at once and forgets it. */
  readonly drop: () => void;
};
