const CR = 0x0d;
const LF = 0x0a;

/** The event a stream holds has grown beyond what is held in memory. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

/** Cuts a stream of server-sent events into whole events. */
export type EventSplitter = {
  /** Takes the next bytes; answers the events that are whole now, each with the blank line that ends it. */
  push(chunk: Buffer): readonly Buffer[];
  /** What has come of an event that is not whole; empty between two events. */
  rest(): Buffer;
};

/**
 * Splits at blank lines, whatever ends a line: LF, CR or CRLF (WHATWG HTML §9.2.5). Holds at most one event; throws
 * {@link EventTooLarge} when that grows beyond `eventBytesMax`.
 */
export const createEventSplitter = (eventBytesMax: number): EventSplitter => {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let lineBytes = 0;
  let isAfterCr = false;

  const take = (last: Buffer): Buffer => {
    const event = held.length === 0 ? last : Buffer.concat([...held, last]);
    held = [];
    heldBytes = 0;
    return event;
  };

  const hold = (piece: Buffer): void => {
    if (piece.length === 0) return;
    heldBytes += piece.length;
    if (heldBytes > eventBytesMax) throw new EventTooLarge(`An event is larger than ${eventBytesMax} bytes`);
    held.push(piece);
  };

  return {
    push: (chunk) => {
      const events: Buffer[] = [];
      let start = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at];
        const isSecondHalf = byte === LF && isAfterCr;
        isAfterCr = byte === CR;
        if (isSecondHalf) continue;
        if (byte !== CR && byte !== LF) {
          lineBytes++;
          continue;
        }
        if (lineBytes === 0) {
          // The LF of a CRLF belongs to this event as well when it is here already.
          const end = byte === CR && chunk[at + 1] === LF ? at + 2 : at + 1;
          events.push(take(chunk.subarray(start, end)));
          if (end === at + 2) isAfterCr = false;
          start = end;
          at = end - 1;
        }
        lineBytes = 0;
      }
      hold(chunk.subarray(start));
      return events;
    },
    rest: () => take(Buffer.alloc(0)),
  };
};

/** What of an event the gateway acts on. */
export type EventFields = {
  /** The message it carries; null when it carries none. */
  readonly data: Buffer | null;
  /** Whether it has an id, by which a client may ask for the rest of the stream later. */
  readonly hasId: boolean;
};

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

type Line = { readonly name: string; readonly value: string; readonly text: string };

const linesOf = (event: Buffer): readonly Line[] => {
  const text = event.toString('latin1');
  const lines = (text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text).split(/\r\n|\r|\n/);
  return lines.map((line) => {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    return { name, value, text: line };
  });
};

/** Reads the fields of one whole event, as a client does. */
export const readEvent = (event: Buffer): EventFields => {
  const lines = linesOf(event);
  const data = lines.filter(({ name }) => name === 'data').map(({ value }) => value);
  const text = data.join('\n');
  return {
    data: text === '' ? null : Buffer.from(text, 'latin1'),
    hasId: lines.some(({ name, value }) => name === 'id' && value !== ''),
  };
};

/** The event with other data, all its other fields as they were. The data must hold no line break. */
export const withData = (event: Buffer, data: Buffer): Buffer => {
  const others = linesOf(event).filter(({ name, text }) => name !== 'data' && text !== '');
  const head = others.map(({ text }) => `${text}\n`).join('');
  return Buffer.concat([Buffer.from(`${head}data: `, 'latin1'), data, Buffer.from('\n\n')]);
};
