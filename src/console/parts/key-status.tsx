import type { ApiKey } from '../../directory/contract.ts';
import { DotLabel, type Tone } from '../kit/dot-label.tsx';

/** The states of a key as people read them. */
export const KEY_STATES: Readonly<Record<ApiKey['status'], readonly [tone: Tone, word: string]>> = {
  active: ['good', 'Active'],
  inactive: ['warn', 'Switched off'],
  archived: ['quiet', 'Revoked'],
  expired: ['quiet', 'Expired'],
};

/** A key's state in a word or two. */
export const KeyStatus = ({ status }: { readonly status: ApiKey['status'] }) => {
  const [tone, word] = KEY_STATES[status];
  return <DotLabel tone={tone}>{word}</DotLabel>;
};
