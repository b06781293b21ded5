import type { AnswerKind } from './answers.ts';

/** What the benchmark asks of the upstream's process. `release` ends every slow stream. */
export type UpstreamCommand =
  | { kind: 'listen'; model: string }
  | { kind: 'answer'; answer: AnswerKind }
  | { kind: 'release' }
  | { kind: 'count' };

/** What an upstream answers to every command: its port, and what it has received since it started. */
export type UpstreamReply = { port: number; messages: number; others: number; bodyBytes: number };

/** Where requests go and the whole bytes of one. */
export type Aim = { port: number; request: Uint8Array };

/** What the benchmark asks of the loader's process; durations in seconds, rates in requests per second. */
export type LoaderCommand =
  | ({ kind: 'probe' } & Aim)
  | ({ kind: 'closed'; connections: number; seconds: number; payloadBytes: number } & Aim)
  | ({ kind: 'open'; rate: number; seconds: number; payloadBytes: number } & Aim)
  | ({ kind: 'hold'; connections: number; secondsMax: number } & Aim)
  | { kind: 'drain'; secondsMax: number };

/** One answer as a client sees it, without framing. */
export type Probe = { status: number; payloadBytes: number; payload: string };

/**
 * What a run of requests came to. Times in milliseconds; `odd` counts answers that were not 200 or not of the expected
 * size; `sent` counts requests outside the measured time too, `requests` only answered ones within.
 */
export type Traffic = {
  requests: number;
  sent: number;
  odd: number;
  broken: number;
  seconds: number;
  firstByteP50: number;
  firstByteP99: number;
};

/** What any loader command answers. */
export type LoaderReply =
  | { kind: 'probe'; probe: Probe }
  | { kind: 'traffic'; traffic: Traffic }
  | { kind: 'held'; open: number; finished: number; broken: number };

/** One command on its way to a traffic process, and the answer under the same number. */
export type Envelope<T> = { id: number; body: T };

/** An answer, or the sentence that says why there is none. */
export type Returned<T> = { id: number; body: T } | { id: number; failure: string };
