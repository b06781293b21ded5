import { Refusal } from '../../../kernel/index.ts';

/** The colour of a workspace that asks for none. */
export const DEFAULT_COLOR = '#6c5bb9';

const TAGS_MAX = 50;
const TAG_KEY_LENGTH_MAX = 128;
const TAG_VALUE_LENGTH_MAX = 256;

export type Tags = Readonly<Record<string, string>>;

/** Applies a change of tags, where null deletes one. Refuses keys that are reserved or too long, and too many tags. */
export const changeTags = (before: Tags, change: Readonly<Record<string, string | null>>): Tags => {
  const after = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) after.delete(key);
    else {
      refuseTag(key, value);
      after.set(key, value);
    }
  }
  if (after.size > TAGS_MAX) throw new Refusal('invalid_request', `tags: a workspace has ${TAGS_MAX} tags at most.`);
  return Object.fromEntries(after);
};

const refuseTag = (key: string, value: string): void => {
  if (/^anthropic/i.test(key))
    throw new Refusal('invalid_request', `tags: "${key}" may not begin with "anthropic", which is reserved.`);
  if (key === '' || key.length > TAG_KEY_LENGTH_MAX || value.length > TAG_VALUE_LENGTH_MAX)
    throw new Refusal(
      'invalid_request',
      `tags: a key has 1 to ${TAG_KEY_LENGTH_MAX} characters, a value ${TAG_VALUE_LENGTH_MAX} at most.`,
    );
};

/** Refuses the name that is kept for the workspace whose keys Claude Code's sign-in makes. */
export const refuseReservedName = (name: string): void => {
  if (name.trim().toLowerCase() === 'claude code')
    throw new Refusal(
      'invalid_request',
      'The name "Claude Code" is kept for keys that signing in to Claude Code makes.',
    );
};
