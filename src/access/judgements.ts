import type { Judgement } from './judgement.ts';
import type { Wanted } from './rules/types.ts';

/** Different requests whose answers are kept before all are worked out again. */
const KEPT_MAX = 500;

/** How many of those that bring nothing are found by comparing: a key that is made for it costs as much as ten comparisons. */
const PLAIN_MAX = 8;

/** Whether nothing has to be compared but what {@link isSamePlain} compares. */
const isPlain = ({ messageEfforts, fallbackModels, capabilities, servers, tools }: Wanted): boolean =>
  messageEfforts.length + fallbackModels.length + capabilities.length + servers.length + tools.length === 0;

const isSamePlain = (one: Wanted, other: Wanted): boolean =>
  one.model === other.model &&
  one.effort === other.effort &&
  one.product === other.product &&
  one.thinkingBudget === other.thinkingBudget;

// Lengths stand before what a client may fill with anything, so that two wants cannot share a key.
const keyOf = (wanted: Wanted): string => {
  const { model, effort, messageEfforts, thinkingBudget, fallbackModels, product, capabilities, servers, tools } =
    wanted;
  const rare = isPlain(wanted) ? '' : JSON.stringify([messageEfforts, fallbackModels, capabilities, servers, tools]);
  return `${model.length} ${model} ${product} ${effort === null ? 'null' : effort === undefined ? '' : `"${effort}"`} ${thinkingBudget ?? ''} ${rare}`;
};

type Known = { readonly wanted: Wanted; readonly judgement: Judgement };

/** The answers that have been given under the same rights. A client asks for the same over and over. */
export class Judgements {
  readonly #byKey = new Map<string, Judgement>();
  #plain: Known[] = [];

  /** The answer to the same want, if it is still known. */
  find(wanted: Wanted): Judgement | undefined {
    const mayBePlain = isPlain(wanted);
    if (mayBePlain) for (const known of this.#plain) if (isSamePlain(known.wanted, wanted)) return known.judgement;
    const judgement = this.#byKey.get(keyOf(wanted));
    if (judgement !== undefined && mayBePlain) this.#keepPlain({ wanted, judgement });
    return judgement;
  }

  keep(wanted: Wanted, judgement: Judgement): void {
    if (this.#byKey.size >= KEPT_MAX) this.#byKey.clear();
    this.#byKey.set(keyOf(wanted), judgement);
    if (isPlain(wanted)) this.#keepPlain({ wanted, judgement });
  }

  #keepPlain(known: Known): void {
    if (this.#plain.length < PLAIN_MAX) this.#plain.push(known);
    else this.#plain = [known];
  }
}
