import type { Outcome } from '../../gateway/contract.ts';
import { DotLabel, type Tone } from '../kit/dot-label.tsx';

const WORDS: Readonly<Record<Outcome, readonly [tone: Tone, word: string]>> = {
  open: ['busy', 'Running'],
  completed: ['good', 'Completed'],
  refused: ['bad', 'Refused'],
  failed: ['bad', 'Failed'],
  client_left: ['quiet', 'Client left'],
  revoked: ['bad', 'Access ended'],
  interrupted: ['quiet', 'Interrupted'],
};

/** How a request ended, in a word or two. */
export const OutcomeLabel = ({ outcome }: { readonly outcome: Outcome }) => {
  const [tone, word] = WORDS[outcome];
  return <DotLabel tone={tone}>{word}</DotLabel>;
};
