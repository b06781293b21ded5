const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DATA = Buffer.from('data:');
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** An event longer than this is passed over; a stream must not be able to fill the memory. */
const EVENT_BYTES_MAX = 1024 * 1024;

const beginsWith = (line: Buffer, wanted: Buffer): boolean => line.subarray(0, wanted.length).equals(wanted);

/**
 * Reads server-sent events in whatever way they may be written (HTML §9.2.6): any line ends, names of events or none,
 * comments, data of several lines. Looks at every byte; for streams that are not written in the usual way.
 */
export class EventLines {
  readonly #take: (data: Buffer) => void;
  /** The line under way, and how long it is with what was not kept of it. */
  #line: Buffer[] = [];
  #lineBytes = 0;
  /** The lines of data of the event under way, and how long they are. */
  #data: Buffer[] = [];
  #dataBytes = 0;
  #isFirstLine = true;
  #wasReturn = false;

  /** `take` is given the data of each event. */
  constructor(take: (data: Buffer) => void) {
    this.#take = take;
  }

  /** Takes the next bytes; they may begin and end anywhere. */
  read(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      const endsReturn = byte === LF && this.#wasReturn;
      this.#wasReturn = byte === CR;
      if (byte !== LF && byte !== CR) continue;
      if (!endsReturn) this.#endLine(chunk.subarray(from, at));
      from = at + 1;
    }
    this.#add(chunk.subarray(from));
  }

  #add(piece: Buffer): void {
    this.#lineBytes += piece.length;
    // A copy: the chunk's memory belongs to the connection.
    if (this.#lineBytes + this.#dataBytes <= EVENT_BYTES_MAX && piece.length > 0) this.#line.push(Buffer.from(piece));
  }

  #endLine(rest: Buffer): void {
    this.#add(rest);
    const bytes = this.#lineBytes;
    const line = this.#withoutMark(Buffer.concat(this.#line));
    this.#line = [];
    this.#lineBytes = 0;
    if (bytes === 0) this.#endEvent();
    else if (beginsWith(line, DATA)) {
      this.#data.push(line.subarray(line[DATA.length] === SPACE ? DATA.length + 1 : DATA.length));
      this.#dataBytes += bytes;
    }
  }

  #withoutMark(line: Buffer): Buffer {
    const isMarked = this.#isFirstLine && beginsWith(line, BYTE_ORDER_MARK);
    this.#isFirstLine = false;
    return isMarked ? line.subarray(BYTE_ORDER_MARK.length) : line;
  }

  #endEvent(): void {
    const data = this.#data;
    const isWhole = data.length > 0 && this.#dataBytes <= EVENT_BYTES_MAX;
    this.#data = [];
    this.#dataBytes = 0;
    if (isWhole) this.#take(Buffer.concat(data.flatMap((line, i) => (i === 0 ? [line] : [LINE_END, line]))));
  }
}

const LINE_END = Buffer.from([LF]);
