/** What is expected of an answer before a model's first one has been seen. */
const FIRST_GUESS_TOKENS = 800;

/** How much the newest answer weighs against those before it. */
const WEIGHT = 0.05;

/** How long answers of a model usually are: a running mean, for what is held until the real cost is known. */
export type TypicalOutput = {
  /** Tokens an answer of this model is expected to have. */
  of(model: string | null): number;
  learn(model: string | null, outputTokens: number): void;
};

export const createTypicalOutput = (): TypicalOutput => {
  const means = new Map<string | null, number>();
  return {
    of: (model) => Math.ceil(means.get(model) ?? FIRST_GUESS_TOKENS),
    learn: (model, outputTokens) => {
      const mean = means.get(model) ?? FIRST_GUESS_TOKENS;
      means.set(model, mean + (outputTokens - mean) * WEIGHT);
    },
  };
};
