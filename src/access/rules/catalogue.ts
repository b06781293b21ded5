import { EFFORTS, type Effort } from '../../kernel/index.ts';
import { CAPABILITIES, type Capability, type Model } from './model.ts';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date);

const without = (...left: readonly Capability[]): readonly Capability[] =>
  CAPABILITIES.filter((word) => !left.includes(word));

const EVERYTHING: readonly Capability[] = CAPABILITIES;
const NO_COMPACTION = without('compact_20260112');
const NO_CODE_CALLING_TOOLS = without('compact_20260112', 'code_execution');

const WITHOUT_XHIGH: readonly Effort[] = ['low', 'medium', 'high', 'max'];

/** Facts shared by the dateless generation (4.6 and later), unless a row says otherwise. */
const RECENT = {
  aliases: [],
  lifecycle: 'active',
  deprecatedAt: null,
  retiresAt: null,
  efforts: EFFORTS,
  defaultEffort: 'high',
  thinking: ['adaptive'],
  maxInputTokens: 1_000_000,
  maxTokens: 128_000,
  capabilities: EVERYTHING,
} as const satisfies Partial<Model>;

/** The 4.6 models still take a thinking budget, and have no `xhigh`. */
const GENERATION_4_6 = {
  ...RECENT,
  efforts: WITHOUT_XHIGH,
  thinking: ['adaptive', 'disabled', 'enabled'],
} as const satisfies Partial<Model>;

/** The 4.5 models carry the date of their snapshot in the id, think by budget, and read 200 K tokens. */
const GENERATION_4_5 = {
  ...RECENT,
  efforts: [],
  defaultEffort: null,
  thinking: ['disabled', 'enabled'],
  maxInputTokens: 200_000,
  maxTokens: 64_000,
  capabilities: NO_COMPACTION,
} as const satisfies Partial<Model>;

/** Thinking can be switched off on these (on Opus 5 and Haiku 5.5 only up to effort `high`; the provider checks that). */
const MAY_STOP_THINKING = ['adaptive', 'disabled'] as const;

/**
 * The models Remit knows by itself; the provider's own list and the configuration add to it while running, and win over
 * it where they disagree. Retired models are left out.
 */
// Release dates: exact are Opus 5.5, Sonnet 5.5 and Haiku 5.5. The 4.5 generation has the date of its snapshot. All
// others are right in their order only; nothing but the order of releases is read from them.
export const CATALOGUE: readonly Model[] = [
  { ...RECENT, id: 'claude-fable-5-2', displayName: 'Claude Fable 5.2', line: 'fable', releasedAt: day(2026, 11, 10) },
  { ...RECENT, id: 'claude-fable-5-1', displayName: 'Claude Fable 5.1', line: 'fable', releasedAt: day(2026, 9, 1) },
  { ...RECENT, id: 'claude-fable-5', displayName: 'Claude Fable 5', line: 'fable', releasedAt: day(2026, 6, 9) },
  {
    ...RECENT,
    id: 'claude-mythos-5-2',
    displayName: 'Claude Mythos 5.2',
    line: 'mythos',
    releasedAt: day(2026, 11, 10),
  },
  { ...RECENT, id: 'claude-mythos-5-1', displayName: 'Claude Mythos 5.1', line: 'mythos', releasedAt: day(2026, 9, 1) },
  { ...RECENT, id: 'claude-mythos-5', displayName: 'Claude Mythos 5', line: 'mythos', releasedAt: day(2026, 6, 9) },
  {
    ...RECENT,
    id: 'claude-mythos-preview',
    displayName: 'Claude Mythos Preview',
    line: 'mythos',
    releasedAt: day(2026, 4, 7),
    lifecycle: 'deprecated',
    efforts: WITHOUT_XHIGH,
  },
  {
    ...RECENT,
    id: 'claude-opus-5-5',
    displayName: 'Claude Opus 5.5',
    line: 'opus',
    releasedAt: day(2026, 9, 22),
    defaultEffort: 'medium',
  },
  {
    ...RECENT,
    id: 'claude-opus-5',
    displayName: 'Claude Opus 5',
    line: 'opus',
    releasedAt: day(2026, 7, 24),
    thinking: MAY_STOP_THINKING,
  },
  {
    ...RECENT,
    id: 'claude-opus-4-8',
    displayName: 'Claude Opus 4.8',
    line: 'opus',
    releasedAt: day(2026, 5, 28),
    thinking: MAY_STOP_THINKING,
  },
  {
    ...RECENT,
    id: 'claude-opus-4-7',
    displayName: 'Claude Opus 4.7',
    line: 'opus',
    releasedAt: day(2026, 4, 16),
    thinking: MAY_STOP_THINKING,
  },
  {
    ...GENERATION_4_6,
    id: 'claude-opus-4-6',
    displayName: 'Claude Opus 4.6',
    line: 'opus',
    releasedAt: day(2026, 2, 5),
  },
  {
    ...GENERATION_4_5,
    id: 'claude-opus-4-5-20251101',
    aliases: ['claude-opus-4-5'],
    displayName: 'Claude Opus 4.5',
    line: 'opus',
    releasedAt: day(2025, 11, 1),
    efforts: ['low', 'medium', 'high'],
    defaultEffort: 'high',
  },
  {
    ...RECENT,
    id: 'claude-sonnet-5-5',
    displayName: 'Claude Sonnet 5.5',
    line: 'sonnet',
    releasedAt: day(2026, 9, 28),
    thinking: ['adaptive', 'between_tools'],
  },
  {
    ...RECENT,
    id: 'claude-sonnet-5',
    displayName: 'Claude Sonnet 5',
    line: 'sonnet',
    releasedAt: day(2026, 6, 30),
    thinking: MAY_STOP_THINKING,
  },
  {
    ...GENERATION_4_6,
    id: 'claude-sonnet-4-6',
    displayName: 'Claude Sonnet 4.6',
    line: 'sonnet',
    releasedAt: day(2026, 2, 17),
  },
  {
    ...GENERATION_4_5,
    id: 'claude-sonnet-4-5-20250929',
    aliases: ['claude-sonnet-4-5'],
    displayName: 'Claude Sonnet 4.5',
    line: 'sonnet',
    releasedAt: day(2025, 9, 29),
    // It retires on 2026-11-30; when that was announced is not known, so there is no deprecatedAt.
    lifecycle: 'deprecated',
    retiresAt: day(2026, 11, 30),
  },
  {
    ...RECENT,
    id: 'claude-haiku-5-5',
    displayName: 'Claude Haiku 5.5',
    line: 'haiku',
    releasedAt: day(2026, 10, 7),
    defaultEffort: 'medium',
    thinking: MAY_STOP_THINKING,
  },
  {
    ...GENERATION_4_5,
    id: 'claude-haiku-4-5-20251001',
    aliases: ['claude-haiku-4-5'],
    displayName: 'Claude Haiku 4.5',
    line: 'haiku',
    releasedAt: day(2025, 10, 1),
    capabilities: NO_CODE_CALLING_TOOLS,
  },
];
