import type { Capability, Effort, Micros, Period } from '../../kernel/index.ts';
import type { DefaultSource } from './default-model.ts';
import type { CapSource } from './entitlement.ts';
import type { ModelLine } from './model.ts';

/** A model as sentences name it: canonical id and display name. */
export type NamedModel = { readonly model: string; readonly name: string };

/** Whose roles had no say, or not enough: a member, or a service key that follows the roles of its owner group. */
export type RoleHolder = { readonly kind: 'member' } | { readonly kind: 'service'; readonly group: string };

/** Who set the cap that decides. `fallback`: a model in `fallbacks` has the lowest cap of all that may answer. */
export type CapOrigin =
  | CapSource
  | { readonly level: 'fallback'; readonly name: string }
  /** A spend limit that is so full lowers it until its period ends. */
  | { readonly level: 'spend'; readonly percent: number };

/** A spend limit as sentences tell of it; money in micro-dollars, `resetsAt` in epoch ms, null where nothing resets. */
export type LimitFacts = {
  readonly limit: string;
  readonly scope: LimitScopeName;
  /** The group, workspace or key it stands on, by its name; null where that says nothing more. */
  readonly of: string | null;
  readonly period: Period | null;
  readonly amountMicros: Micros;
  readonly spentMicros: Micros;
  /** Held for requests that are still running. */
  readonly openMicros: Micros;
  readonly resetsAt: number | null;
};

/** A rate limit as sentences tell of it. */
export type RateFacts = {
  /** The limiter, by its name in the Rate Limits API, and as people say it. */
  readonly limiter: string;
  readonly noun: string;
  readonly scope: 'organization' | 'workspace' | 'rbac_group' | 'user' | 'api_key';
  /** The group it stands on, by its name; null where that says nothing more. */
  readonly of: string | null;
  /** What is limited together. */
  readonly pool: string;
  readonly limit: number;
  /** Null when waiting does not help. */
  readonly retryAfterSeconds: number | null;
};

/** Whose limit it is (access-roles-spend-seats §5.2). */
export type LimitScopeName =
  | 'organization_total'
  | 'organization'
  | 'seat_tier'
  | 'rbac_group'
  | 'rbac_group_pool'
  | 'user'
  | 'workspace'
  | 'api_key'
  | 'session'
  | 'prepaid'
  | 'usage_tier';

/** A model the same principal may use instead; null when there is none. */
type Instead = { readonly instead: string | null };

type RolesAsked = { readonly roles: readonly string[]; readonly rolesTotal: number };

type CapFacts = NamedModel & { readonly cap: Effort; readonly setBy: CapOrigin };

/** Tools of connectors as sentences name them (“search of GitHub”): at most three, and how many there are. */
export type ToolsNamed = { readonly tools: readonly string[]; readonly toolsTotal: number };

type NamedCapability = { readonly capability: Capability; readonly title: string };

/**
 * The closed vocabulary of reasons, each with the facts its sentences are built from. They are JSON and small: at most
 * three roles are named, with their total, since a finding is stored for every request.
 */
export type ReasonFacts = {
  readonly 'model-permitted': NamedModel & RolesAsked & { readonly asked: string };
  readonly 'family-resolved': NamedModel & { readonly asked: string; readonly line: ModelLine };
  readonly 'default-resolved': NamedModel & { readonly asked: string; readonly from: DefaultSource };
  readonly 'model-disabled-by-organisation': NamedModel & Instead & { readonly asked: string };
  readonly 'model-not-granted-by-role': NamedModel &
    Instead &
    RolesAsked & { readonly asked: string; readonly holder: RoleHolder };
  readonly 'model-closed-by-spend': NamedModel & Instead & { readonly asked: string; readonly percent: number };
  readonly 'spend-limit-reached': LimitFacts;
  readonly 'spend-remainder-too-small': LimitFacts;
  readonly 'spend-cost-unbounded': LimitFacts;
  readonly 'spend-max-tokens-lowered': LimitFacts & { readonly asked: number; readonly to: number };
  readonly 'spend-ledger-unreachable': Readonly<Record<string, never>>;
  readonly 'rate-limit-reached': RateFacts;
  readonly 'model-unknown': Instead & { readonly asked: string };
  readonly 'family-not-permitted': Instead & { readonly asked: string; readonly line: ModelLine };
  readonly 'no-default-permitted': { readonly asked: string };
  readonly 'fallbacks-permitted': { readonly fallbacks: readonly string[] };
  readonly 'fallback-not-permitted': {
    readonly asked: string;
    readonly name: string | null;
    readonly stoppedBy: 'organisation' | 'roles' | 'unknown';
  };
  readonly 'capabilities-permitted': { readonly capabilities: readonly string[] };
  readonly 'capability-disabled-by-organisation': NamedCapability & { readonly byInstallation: boolean };
  readonly 'capability-not-granted-by-role': NamedCapability & RolesAsked & { readonly holder: RoleHolder };
  readonly 'file-of-somebody-else': { readonly file: string; readonly filesTotal: number };
  readonly 'tools-permitted': ToolsNamed;
  readonly 'tools-need-approval': ToolsNamed;
  readonly 'tool-blocked-by-organisation': ToolsNamed;
  readonly 'tool-not-granted-by-role': ToolsNamed & RolesAsked & { readonly holder: RoleHolder };
  readonly 'server-needs-approval': ToolsNamed;
  readonly 'server-not-registered': { readonly server: string };
  readonly 'effort-within-cap': CapFacts & { readonly asked: string | null; readonly used: Effort };
  readonly 'effort-above-cap': CapFacts & { readonly asked: string };
  readonly 'default-effort-above-cap': CapFacts & { readonly start: Effort };
  readonly 'default-effort-applied': NamedModel & { readonly used: Effort };
  readonly 'effort-not-offered': NamedModel & { readonly asked: string; readonly used: Effort };
  readonly 'effort-not-recognised': NamedModel & { readonly asked: string };
  readonly 'effort-not-applicable': NamedModel & { readonly asked: string | null };
  readonly 'thinking-budget-within-cap': CapFacts & { readonly asked: number };
  readonly 'thinking-budget-above-cap': CapFacts & { readonly asked: number; readonly budget: number };
};

/** Why a rule decided as it did. */
export type Reason = keyof ReasonFacts;

/** The rules, in the order they run. */
export type RuleName =
  | 'capability'
  | 'file'
  | 'tool'
  | 'model-access'
  | 'fallback-access'
  | 'effort'
  | 'message-effort'
  | 'thinking-budget'
  | 'spend-limit'
  | 'rate-limit';

/** What a rule says: let it pass, lower something, refuse, or only take note of what would have been lowered. */
export type FindingEffect = 'allow' | 'clamp' | 'deny' | 'observe';

/** What one rule found, with the facts it found it from. */
export type Finding = {
  readonly [R in Reason]: {
    readonly rule: RuleName;
    readonly effect: FindingEffect;
    readonly reason: R;
    readonly because: ReasonFacts[R];
  };
}[Reason];

/**
 * What to change in the request's bytes before it is forwarded; nothing else may be touched. `model` replaces the
 * value of `model`. `effort` is set as `output_config.effort`, inserted if absent. `messageEffortCap`: every nested
 * `output_config.effort` that is above it, or is a level this version does not know, becomes it. `thinkingBudget`: every
 * `thinking.budget_tokens` above it becomes it.
 */
export type Changes = {
  readonly model?: string;
  readonly effort?: Effort;
  readonly messageEffortCap?: Effort;
  readonly thinkingBudget?: number;
  /** Replaces the value of `max_tokens`, which is above it. */
  readonly maxTokens?: number;
};

/**
 * The answer to a request, and the record of it: what is logged, shown, simulated and replayed. `model.used` is the
 * name as it must be forwarded, null when refused; `model.id` is the canonical id, null when the name is unknown.
 * `effort.used` is null when refused, when the model has no effort parameter, or when a level this version does not know
 * is passed on. `effort.cap` is null when the model is unknown.
 */
export type Decision = {
  readonly effect: 'allow' | 'clamp' | 'deny';
  readonly model: { readonly asked: string; readonly used: string | null; readonly id: string | null };
  readonly effort: { readonly asked: string | null; readonly used: Effort | null; readonly cap: Effort | null };
  readonly changes: Changes;
  readonly findings: readonly Finding[];
  readonly policyVersion: number;
};

/** The finding to tell the person refused: the first that denies; undefined when nothing does. */
export const refusalOf = (decision: Decision): Finding | undefined =>
  decision.findings.find((finding) => finding.effect === 'deny');
