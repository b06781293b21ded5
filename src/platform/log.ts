import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'flush'>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const REDACTED = ['key', '*.key', 'authorization', '*.authorization', '["x-api-key"]', '*["x-api-key"]', 'password'];

/** One JSON object a line on standard output; fields that hold secrets print as `***`. */
export const createLog = (level: (typeof LOG_LEVELS)[number], destination?: DestinationStream): Log =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: REDACTED, censor: '***' } },
    destination ?? pino.destination({ fd: 1, sync: false, minLength: 0 }),
  );
