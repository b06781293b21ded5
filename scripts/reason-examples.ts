import type { Finding } from '../src/access/index.ts';

type Reason = Finding['reason'];

const OPUS = { model: 'claude-opus-5-5', name: 'Claude Opus 5.5' };
const HAIKU = { model: 'claude-haiku-4-5-20251001', name: 'Claude Haiku 4.5' };
const INSTEAD = { instead: 'Claude Sonnet 5.5' };
const CAPPED = { ...OPUS, cap: 'medium', setBy: { level: 'organisation' } } as const;
const WRITERS = { roles: ['Writers'], rolesTotal: 1 };

const WEB_SEARCH = { capability: 'web_search', title: 'Web search' } as const;
const SEARCH = { tools: ['search of GitHub'], toolsTotal: 1 };

const LIMIT = {
  limit: 'spl_example',
  scope: 'user',
  of: null,
  period: 'monthly',
  amountMicros: 100_000_000,
  spentMicros: 99_900_000,
  openMicros: 100_000,
  resetsAt: Date.UTC(2026, 11, 1),
} as const;
const STRICT = { ...LIMIT, scope: 'api_key', of: 'nightly build' } as const;

/** A finding of every reason; a reason that is missing here does not compile. */
const EXAMPLES: { readonly [R in Reason]: Omit<Extract<Finding, { readonly reason: R }>, 'reason'> } = {
  'model-permitted': { rule: 'model-access', effect: 'allow', because: { ...OPUS, ...WRITERS, asked: OPUS.model } },
  'family-resolved': { rule: 'model-access', effect: 'allow', because: { ...OPUS, asked: 'opus', line: 'opus' } },
  'default-resolved': { rule: 'model-access', effect: 'allow', because: { ...OPUS, asked: 'default', from: 'role' } },
  'model-disabled-by-organisation': {
    rule: 'model-access',
    effect: 'deny',
    because: { ...OPUS, ...INSTEAD, asked: OPUS.model },
  },
  'model-not-granted-by-role': {
    rule: 'model-access',
    effect: 'deny',
    because: { ...OPUS, ...INSTEAD, ...WRITERS, asked: OPUS.model, holder: { kind: 'member' } },
  },
  'model-unknown': { rule: 'model-access', effect: 'deny', because: { ...INSTEAD, asked: 'claude-nonsense' } },
  'family-not-permitted': {
    rule: 'model-access',
    effect: 'deny',
    because: { ...INSTEAD, asked: 'mythos', line: 'mythos' },
  },
  'no-default-permitted': { rule: 'model-access', effect: 'deny', because: { asked: 'default' } },
  'fallbacks-permitted': {
    rule: 'fallback-access',
    effect: 'allow',
    because: { fallbacks: ['Claude Sonnet 5.5', 'Claude Haiku 5.5'] },
  },
  'fallback-not-permitted': {
    rule: 'fallback-access',
    effect: 'deny',
    because: { asked: OPUS.model, name: OPUS.name, stoppedBy: 'roles' },
  },
  'model-closed-by-spend': {
    rule: 'model-access',
    effect: 'deny',
    because: { ...OPUS, ...INSTEAD, asked: OPUS.model, percent: 90 },
  },
  'spend-limit-reached': { rule: 'spend-limit', effect: 'deny', because: LIMIT },
  'spend-remainder-too-small': { rule: 'spend-limit', effect: 'deny', because: STRICT },
  'spend-cost-unbounded': { rule: 'spend-limit', effect: 'deny', because: STRICT },
  'spend-max-tokens-lowered': {
    rule: 'spend-limit',
    effect: 'clamp',
    because: { ...STRICT, asked: 64_000, to: 2_500 },
  },
  'spend-ledger-unreachable': { rule: 'spend-limit', effect: 'deny', because: {} },
  'rate-limit-reached': {
    rule: 'rate-limit',
    effect: 'deny',
    because: {
      limiter: 'output_tokens_per_minute',
      noun: 'output tokens per minute',
      scope: 'user',
      of: null,
      pool: OPUS.name,
      limit: 50_000,
      retryAfterSeconds: 12,
    },
  },
  'capabilities-permitted': {
    rule: 'capability',
    effect: 'allow',
    because: { capabilities: ['Claude Code', 'Web search'] },
  },
  'capability-disabled-by-organisation': {
    rule: 'capability',
    effect: 'deny',
    because: { ...WEB_SEARCH, byInstallation: false },
  },
  'capability-not-granted-by-role': {
    rule: 'capability',
    effect: 'deny',
    because: { ...WEB_SEARCH, ...WRITERS, holder: { kind: 'member' } },
  },
  'file-of-somebody-else': { rule: 'file', effect: 'deny', because: { file: 'file_011CNha8', filesTotal: 1 } },
  'tools-permitted': { rule: 'tool', effect: 'allow', because: SEARCH },
  'tools-need-approval': { rule: 'tool', effect: 'allow', because: SEARCH },
  'tool-blocked-by-organisation': { rule: 'tool', effect: 'deny', because: SEARCH },
  'tool-not-granted-by-role': {
    rule: 'tool',
    effect: 'deny',
    because: { ...SEARCH, ...WRITERS, holder: { kind: 'member' } },
  },
  'server-needs-approval': { rule: 'tool', effect: 'deny', because: SEARCH },
  'server-not-registered': { rule: 'tool', effect: 'deny', because: { server: 'https://mcp.example.com/mcp' } },
  'effort-within-cap': { rule: 'effort', effect: 'allow', because: { ...CAPPED, asked: 'low', used: 'low' } },
  'effort-above-cap': { rule: 'effort', effect: 'clamp', because: { ...CAPPED, asked: 'max' } },
  'default-effort-above-cap': { rule: 'effort', effect: 'clamp', because: { ...CAPPED, start: 'high' } },
  'default-effort-applied': { rule: 'effort', effect: 'allow', because: { ...OPUS, used: 'low' } },
  'effort-not-offered': { rule: 'effort', effect: 'allow', because: { ...OPUS, asked: 'xhigh', used: 'high' } },
  'effort-not-recognised': { rule: 'effort', effect: 'allow', because: { ...OPUS, asked: 'enormous' } },
  'effort-not-applicable': { rule: 'effort', effect: 'allow', because: { ...HAIKU, asked: 'high' } },
  'thinking-budget-within-cap': {
    rule: 'thinking-budget',
    effect: 'allow',
    because: { ...CAPPED, ...HAIKU, asked: 4000 },
  },
  'thinking-budget-above-cap': {
    rule: 'thinking-budget',
    effect: 'clamp',
    because: { ...CAPPED, ...HAIKU, asked: 32_000, budget: 10_000 },
  },
};

/** One finding of every reason, in the order of the vocabulary, to show its sentences with. */
export const REASON_EXAMPLES: readonly Finding[] = Object.entries(EXAMPLES).map(
  ([reason, finding]) => ({ reason, ...finding }) as Finding,
);
