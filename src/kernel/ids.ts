/** The prefixes of Remit's ids; where the Claude Admin API has the object, its prefix is the one used here. */
export const ID_PREFIXES = {
  user: 'user_',
  invite: 'invite_',
  group: 'rbac_group_',
  role: 'rbac_role_',
  apiKey: 'apikey_',
  workspace: 'wrkspc_',
  connector: 'mcpsrv_',
  request: 'req_',
  mcpCall: 'mcpcall_',
  session: 'sesn_',
  deviceGrant: 'devgrant_',
  link: 'link_',
  identityProvider: 'idp_',
  identity: 'idty_',
  signInFlow: 'sflow_',
  activity: 'activity_',
  directory: 'dir_',
  directoryToken: 'dirtok_',
  directoryMapping: 'dirmap_',
  directorySync: 'dirsync_',
  directoryChange: 'dirchg_',
  directoryRemoval: 'dirrem_',
  spendLimit: 'spl_',
  increaseRequest: 'slir_',
  spendOrder: 'sord_',
  notice: 'notice_',
  noticeDelivery: 'ndlv_',
  noticeChannel: 'nchan_',
  rateLimit: 'rlg_',
  rerating: 'rerate_',
  priceRule: 'prule_',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/**
 * Makes ids. Ids of one kind sort by the millisecond they were made in, so an index over them grows at its end; whoever has
 * looked at the clock already says so (`ms`).
 */
export type NewId = (kind: IdKind, ms?: number) => string;

// Crockford's base 32 in small letters: every engine's collation sorts it the same way.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARS = 10;
const RANDOM_CHARS = 16;

const encodeTime = (ms: number): string => {
  let rest = ms;
  let text = '';
  for (let i = 0; i < TIME_CHARS; i++) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
};

/**
 * Ids from a clock and a source of random bytes: prefix, 10 characters of time, 16 characters of randomness (80
 * bits). `randomBytes(n)` must answer n unpredictable bytes. The characters become one text in one step: a table of
 * ready-made pieces would be read at places the processor does not expect, and waited for each time.
 */
export const createNewId = (now: () => number, randomBytes: (size: number) => Uint8Array): NewId => {
  const codes: number[] = new Array(TIME_CHARS + RANDOM_CHARS).fill(0);
  let timeMs = -1;
  return (kind, ms = now()) => {
    if (ms !== timeMs) {
      timeMs = ms;
      const text = encodeTime(ms);
      for (let i = 0; i < TIME_CHARS; i++) codes[i] = text.charCodeAt(i);
    }
    const bytes = randomBytes(RANDOM_CHARS);
    for (let i = 0; i < RANDOM_CHARS; i++) codes[TIME_CHARS + i] = ALPHABET.charCodeAt((bytes[i] ?? 0) & 31);
    return ID_PREFIXES[kind] + String.fromCharCode(...codes);
  };
};

/** The least id of a kind that could be made at or after a time: a bound for reading a table by its ids. */
export const firstIdAt = (kind: IdKind, ms: number): string => ID_PREFIXES[kind] + encodeTime(Math.max(0, ms));
