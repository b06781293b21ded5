import { applyDelta, type MeteredMessage, NOTHING_METERED, startUsage } from '../../spend/index.ts';
import { EventLines } from './event-lines.ts';
import { createTextGauge } from './text-gauge.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

// The events that carry usage, by the line that announces them. JSON escapes newlines, so no text inside an event can
// begin a line of its own: a line that starts so is an announcement.
const ANNOUNCEMENT = Buffer.from('event: message_');
// Node looks for seven bytes with the processor's own search for the first of them; for longer ones it makes tables each time.
const SCENT_AT = 1;
const SCENT = ANNOUNCEMENT.subarray(SCENT_AT, SCENT_AT + 7);
const DATA = Buffer.from('data:');
/** How every line that names an event begins. A stream that begins otherwise is one of another spelling. */
const USUAL = ANNOUNCEMENT.subarray(0, 'event: '.length);

/** A usage event longer than this is not kept; a stream must not be able to fill the memory. */
const EVENT_BYTES_MAX = 1024 * 1024;

/** Reads usage from a stream of server-sent events without holding it up (organisation APIs §6.5). */
export type SseMeter = {
  /** Takes the next bytes; they may begin and end anywhere. Never throws. */
  read(chunk: Buffer): void;
  /** Runs `done` once everything read so far has been taken into account, which is at once. */
  end(done: () => void): void;
  readonly metered: MeteredMessage;
  /** Whether `message_stop` has been seen, so that the counts are the provider's final ones. */
  readonly isComplete: boolean;
  /** Bytes of generated text so far, about: for estimating an answer that broke off. */
  readonly textBytes: number;
};

/**
 * One pass over the bytes that looks only for the announcements of usage events: most chunks cost a single search. A
 * stream that does not begin as the API's do is read line by line.
 */
export const createSseMeter = (): SseMeter => new UsageEvents();

/** A class rather than closures, because every stream makes one. */
class UsageEvents implements SseMeter {
  readonly #text = createTextGauge();
  #metered = NOTHING_METERED;
  #isComplete = false;
  /** An unfinished line that is, or may yet become, part of a usage event. */
  #rest: Buffer | undefined;
  #isInEvent = false;
  #isAtLineStart = true;
  #hasBegun = false;
  /** Reads a stream of another spelling. */
  #lines: EventLines | undefined;

  get metered(): MeteredMessage {
    return this.#metered;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get textBytes(): number {
    return this.#text.bytes();
  }

  read(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#text.read(chunk);
    if (this.#lines !== undefined) {
      this.#lines.read(chunk);
      return;
    }
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const startsLine = this.#rest !== undefined || this.#isAtLineStart;
    this.#rest = undefined;
    this.#isAtLineStart = chunk[chunk.length - 1] === NEWLINE;
    if (!this.#hasBegun && !this.#isUsual(bytes)) {
      this.#lines = new EventLines((json) => this.#take(json));
      this.#lines.read(bytes);
      return;
    }
    let at = 0;
    while (at !== -1 && at < bytes.length)
      at = this.#isInEvent ? this.#readEventLine(bytes, at) : this.#findAnnouncement(bytes, at, startsLine);
  }

  end(done: () => void): void {
    done();
  }

  /** Whether a stream begins as usual, as far as it has come; what may still become so is kept like any other announcement. */
  #isUsual(bytes: Buffer): boolean {
    const { length } = USUAL;
    this.#hasBegun = bytes.length >= length;
    return this.#hasBegun ? standsAt(bytes, 0, USUAL) : bytes.equals(USUAL.subarray(0, bytes.length));
  }

  #take(json: Buffer): void {
    const event = parseEvent(json);
    if (event?.type === 'message_start') this.#metered = startUsage(event);
    else if (event?.type === 'message_delta') this.#metered = applyDelta(this.#metered, event);
    else if (event?.type === 'message_stop') this.#isComplete = true;
  }

  #keep(line: Buffer): void {
    if (line.length > EVENT_BYTES_MAX) this.#isInEvent = false;
    // A copy: the chunk's memory belongs to the connection.
    else if (line.length > 0) this.#rest = Buffer.from(line);
  }

  /** Reads the line of a usage event that begins at `at`; answers where the next one begins, -1 when it is not whole. */
  #readEventLine(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(NEWLINE, at);
    if (end === -1) {
      this.#keep(bytes.subarray(at));
      return -1;
    }
    const line = bytes.subarray(at, bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    const isData = standsAt(line, 0, DATA);
    if (isData) this.#take(line.subarray(DATA.length));
    if (isData || line.length === 0) this.#isInEvent = false;
    return end + 1;
  }

  /** Finds the next announcement from `at` on; answers where the line after it begins, -1 when there is none yet. */
  #findAnnouncement(bytes: Buffer, at: number, startsLine: boolean): number {
    const found = announcementFrom(bytes, at, startsLine);
    if (found === -1) {
      if (this.#isAtLineStart) return -1;
      const tail = unfinishedAnnouncement(bytes, at, startsLine);
      if (tail !== undefined) this.#keep(tail);
      return -1;
    }
    const end = bytes.indexOf(NEWLINE, found);
    if (end === -1) {
      this.#keep(bytes.subarray(found));
      return -1;
    }
    this.#isInEvent = true;
    return end + 1;
  }
}

/** Whether `wanted` stands whole at `at`. */
const standsAt = (bytes: Buffer, at: number, wanted: Buffer): boolean => {
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[at + i] !== wanted[i]) return false;
  }
  return true;
};

/** Where the first whole announcement from `at` on begins that begins a line; -1 for none. */
const announcementFrom = (bytes: Buffer, at: number, startsLine: boolean): number => {
  for (let scent = bytes.indexOf(SCENT, at + SCENT_AT); scent !== -1; scent = bytes.indexOf(SCENT, scent + 1)) {
    const start = scent - SCENT_AT;
    if ((start === 0 ? startsLine : bytes[start - 1] === NEWLINE) && standsAt(bytes, start, ANNOUNCEMENT)) return start;
  }
  return -1;
};

/** The last line of `bytes`, when it is not finished and could still become an announcement. */
const unfinishedAnnouncement = (bytes: Buffer, from: number, startsLine: boolean): Buffer | undefined => {
  const lineStart = Math.max(bytes.lastIndexOf(NEWLINE) + 1, from);
  const tail = bytes.subarray(lineStart);
  if (tail.length >= ANNOUNCEMENT.length || (lineStart === 0 && !startsLine)) return undefined;
  return tail.compare(ANNOUNCEMENT, 0, tail.length, 0, tail.length) === 0 ? tail : undefined;
};

type Event = { readonly type?: unknown };

const parseEvent = (json: Buffer): Event | undefined => {
  try {
    const event: unknown = JSON.parse(json.toString('utf8'));
    return typeof event === 'object' && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
};
