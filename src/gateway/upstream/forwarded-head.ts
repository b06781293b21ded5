/** What a provider adds to the head of every request it gets. */
type Addressee = {
  /** What of its base URL is path, put before every request's own. */
  readonly basePath: string;
  /** Host and credential as lines. */
  readonly ownLines: string;
};

/**
 * The head of requests that differ in nothing but their bodies. A client's connection sends the same one again and again,
 * nearly always to the same provider, so that what was written last is kept.
 */
export class ForwardedHead {
  readonly #path: string;
  readonly #lines: string;
  #addressee: Addressee | undefined;
  #text = '';

  /** `path`: with query; `lines`: the headers to forward. */
  constructor(path: string, lines: string) {
    this.#path = path;
    this.#lines = lines;
  }

  /** The head up to where the digits of the body's length follow. In one piece of memory, so that it can be sent as it is. */
  textFor(addressee: Addressee): string {
    if (this.#addressee !== addressee) {
      const { basePath, ownLines } = addressee;
      this.#text = ['POST ', basePath, this.#path, ' HTTP/1.1\r\n', ownLines, this.#lines, 'content-length: '].join('');
      this.#addressee = addressee;
    }
    return this.#text;
  }
}
