import { growLastIteration, type Usage } from './usage.ts';

/** A token of ordinary text is about four bytes of UTF-8; rounding goes up, so that something is never nothing. */
const BYTES_PER_TOKEN = 4;

const tokensIn = (bytes: number): number =>
  Number.isFinite(bytes) && bytes > 0 ? Math.min(Math.ceil(bytes / BYTES_PER_TOKEN), Number.MAX_SAFE_INTEGER) : 0;

/**
 * Usage of a stream that ended before its last `message_delta`: output is the larger of what was last reported and one
 * token for each four bytes of generated text seen; all else stays as reported. The caller marks the row as an estimate.
 */
export const estimateUsage = (lastKnown: Usage, generatedTextBytes: number): Usage => {
  const outputTokens = Math.max(lastKnown.outputTokens, tokensIn(generatedTextBytes));
  return growLastIteration({ ...lastKnown, outputTokens }, lastKnown);
};

/** Prompt tokens of a request that never told its usage: one for each four bytes of its body, rounded up. */
export const estimateInputTokens = (bodyBytes: number): number => tokensIn(bodyBytes);
