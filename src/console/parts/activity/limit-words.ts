import { formatUsd, MICROS_PER_CENT } from '../../../kernel/index.ts';

type Limited = { readonly words: string; readonly kind: 'member' | 'group' | 'workspace' | 'key' | null };

/** Whose spend limit an activity is about: words, and the kind of what is named after them. */
export const limitedBy = ({ limit_type: type, scope_id: id }: Readonly<Record<string, unknown>>): Limited => {
  switch (type) {
    case 'user':
      return { words: '', kind: 'member' };
    case 'rbac_group':
      return { words: 'each member of the group ', kind: 'group' };
    case 'rbac_group_pool':
      return { words: 'all members together of the group ', kind: 'group' };
    case 'workspace':
      return { words: 'the workspace ', kind: 'workspace' };
    case 'api_key':
      return { words: 'the key ', kind: 'key' };
    case 'seat_tier':
      return { words: `members with the seat ${String(id)}`, kind: null };
    case 'session':
      return { words: 'each session', kind: null };
    case 'organization':
      return { words: 'members by default', kind: null };
    default:
      return { words: 'the whole organisation', kind: null };
  }
};

/** An amount of cents in dollars; null is unlimited. */
export const limitAmount = (cents: unknown): string =>
  typeof cents === 'number' ? formatUsd(cents * MICROS_PER_CENT) : 'unlimited';
