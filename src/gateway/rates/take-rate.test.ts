import { expect, test } from 'vitest';
import { NO_USAGE, NOTHING_METERED } from '../../spend/index.ts';
import { usedRate } from './take-rate.ts';

const METERED = {
  ...NOTHING_METERED,
  usage: {
    ...NO_USAGE,
    inputTokens: 20,
    cacheWrite5mTokens: 3,
    cacheWrite1hTokens: 4,
    cacheReadTokens: 500,
    outputTokens: 60,
  },
};

const COUNTED = { inputTokens: 27, cacheReadTokens: 500, outputTokens: 60 };

test.each([
  { name: 'a whole answer used what it says', status: 200, metered: METERED, isComplete: true, wanted: COUNTED },
  {
    name: 'an answer that broke off used what it said of the prompt, and the text that came',
    status: 200,
    metered: METERED,
    isComplete: false,
    wanted: { ...COUNTED, outputTokens: 100 },
  },
  {
    name: 'a client that left before anything came used nobody knows what',
    status: null,
    metered: NOTHING_METERED,
    isComplete: false,
    wanted: null,
  },
  {
    name: 'an error of the provider used nothing',
    status: 529,
    metered: NOTHING_METERED,
    isComplete: false,
    wanted: { inputTokens: 0, cacheReadTokens: 0, outputTokens: 0 },
  },
])('$name', ({ status, metered, isComplete, wanted }) => {
  expect(usedRate({ status, metered, isComplete, textBytes: 400 })).toEqual(wanted);
});
