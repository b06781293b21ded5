import type {
  Capability,
  CapabilityAccess,
  Effort,
  OrganisationRole,
  PermissionArea,
  PermissionLevel,
  ToolLevel,
} from '../../../kernel/index.ts';
import type { LimitedState, LimitState, RatesState, SpendState } from './money-state.ts';

/** The rule of a level for one model; no cap is null. */
export type Access = { readonly enabled: boolean; readonly maxEffort: Effort | null };

/** A model with the organisation's rule for it. */
export type ModelState = Access & {
  readonly id: string;
  readonly name: string;
  /** Its family; null for a model of none. */
  readonly line: string | null;
  readonly isRetired: boolean;
  readonly alwaysAvailable: boolean;
  readonly efforts: readonly Effort[];
};

export type OrganisationState = {
  readonly name: string;
  /** Newest first. */
  readonly models: readonly ModelState[];
  readonly defaultModel: string | null;
  readonly defaultEffort: Effort | null;
  readonly newModels: 'on' | 'off';
  readonly effortAction: 'clamp' | 'refuse' | 'observe';
  /** The version of the rules about models that this is. */
  readonly version: number;
  /** Null where connectors were not asked for. */
  readonly unlistedServers: 'refuse' | 'refuse_for_custom' | 'allow' | null;
  /** Null where they were not asked for. */
  readonly capabilities: (Versioned & { readonly on: { readonly [C in Capability]?: boolean } }) | null;
};

/** What has a version of its own, which a change has to name; null for what is only about to be created. */
type Versioned = { readonly version: string | null };

/** What a role grants on one connector; `level` holds for every tool that `tools` does not name. */
export type GrantState = { readonly level: ToolLevel; readonly tools: Readonly<Record<string, ToolLevel>> };

/** The tabs of a role beside its models; each is null where it was not asked for. */
export type RoleTabs = {
  readonly capabilities:
    | (Versioned & { readonly access: CapabilityAccess; readonly selected: readonly Capability[] })
    | null;
  readonly permissions: (Versioned & { readonly levels: { readonly [A in PermissionArea]?: PermissionLevel } }) | null;
  readonly connectors:
    | (Versioned & {
        /** A level for all of them, or `custom`: each has its own, by slug. */
        readonly all: ToolLevel | 'custom';
        readonly bySlug: Readonly<Record<string, GrantState>>;
      })
    | null;
};

export type RoleState = {
  readonly id: string;
  readonly name: string;
  /** `all`: nobody has edited the role's models; it gives whatever the organisation allows. */
  readonly mode: 'all' | 'selected';
  readonly models: Readonly<Record<string, Access>>;
  readonly defaultModel: string | null;
  readonly defaultEffort: Effort | null;
  readonly tabs: RoleTabs;
};

export type PersonState = { readonly id: string; readonly email: string };

export type GroupState = {
  readonly id: string;
  readonly name: string;
  /** Whether an identity provider keeps its members. */
  readonly isProvisioned: boolean;
  readonly roleIds: readonly string[];
  /** Null where the members were not asked for. */
  readonly members: readonly PersonState[] | null;
};

export type MemberState = PersonState & {
  readonly organisationRole: OrganisationRole;
  /** Ids of the custom roles attached directly; null where they were not asked for. */
  readonly roleIds: readonly string[] | null;
};

export type ConnectorState = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly url: string;
  readonly level: ToolLevel;
  readonly tools: Readonly<Record<string, ToolLevel>>;
};

/** The organisation as it is, as far as the files have to do with it. */
export type State = {
  readonly organisation: OrganisationState;
  readonly roles: readonly RoleState[];
  readonly groups: readonly GroupState[];
  /** The members whose addresses the files name, as far as there are such members. */
  readonly members: readonly MemberState[];
  readonly connectors: readonly ConnectorState[];
  /** Empty where they were not asked for. */
  readonly limits: readonly LimitState[];
  readonly spend: SpendState;
  /** Null where they were not asked for. */
  readonly rates: RatesState | null;
  /** Those that the files name, as far as there are such workspaces and keys. */
  readonly workspaces: readonly LimitedState[];
  readonly keys: readonly LimitedState[];
};
