import { DotLabel, type Tone } from './dot-label.tsx';

type Effect = 'allow' | 'clamp' | 'deny' | 'observe';

const WORDS: Readonly<Record<Effect, readonly [tone: Tone, word: string]>> = {
  allow: ['good', 'Allowed'],
  clamp: ['warn', 'Lowered'],
  deny: ['bad', 'Refused'],
  observe: ['quiet', 'Noted'],
};

/** What was decided, as a word with a dot. */
export const EffectBadge = ({ effect }: { readonly effect: Effect }) => {
  const [tone, word] = WORDS[effect];
  return <DotLabel tone={tone}>{word}</DotLabel>;
};
