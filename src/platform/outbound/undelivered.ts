/**
 * Why something did not get to where it was sent, in a sentence for administrators. `isFinal`: trying again cannot help,
 * because the other side has said so for good.
 */
export class Undelivered extends Error {
  override readonly name = 'Undelivered';
  readonly isFinal: boolean;

  constructor(message: string, more: { readonly isFinal?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.isFinal = more.isFinal ?? false;
  }
}
