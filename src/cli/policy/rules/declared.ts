import type {
  Capability,
  CapabilityAccess,
  Effort,
  PermissionArea,
  PermissionLevel,
  ToolLevel,
} from '../../../kernel/index.ts';
import type { DeclaredGroupLimits, DeclaredLimits, DeclaredOrganisationLimits } from './declared-limits.ts';
import type {
  DeclaredIncluded,
  DeclaredLimited,
  DeclaredOrganisationRates,
  DeclaredPrepaid,
  DeclaredRates,
  DeclaredSpend,
} from './declared-money.ts';

/** Where in the files something stands: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** What is said of a model: off, on without a cap, or on with this highest effort. */
export type ModelWord = 'on' | 'off' | Effort;

/** Words by the model's id; `*` is for every model that has no word of its own. */
export type DeclaredModels = Readonly<Record<string, ModelWord>>;

/** The word for every model that is not named. */
export const OTHERS = '*';

/** The word that takes a value of one's own away again. */
export const INHERIT = 'inherit';

/** The organisation's default model or effort when nobody chose one. */
export const RECOMMENDED = 'recommended';

export type DeclaredOrganisation = {
  readonly name?: string | undefined;
  readonly models?: DeclaredModels | undefined;
  /** A model's id, or `recommended`. */
  readonly default_model?: string | undefined;
  readonly default_effort?: Effort | typeof RECOMMENDED | undefined;
  readonly new_models?: 'on' | 'off' | undefined;
  readonly effort_action?: 'clamp' | 'refuse' | 'observe' | undefined;
  readonly unlisted_servers?: 'refuse' | 'refuse_for_custom' | 'allow' | undefined;
  readonly capabilities?: { readonly [C in Capability]?: 'on' | 'off' | undefined } | undefined;
  readonly limits?: DeclaredOrganisationLimits | undefined;
  readonly spend?: DeclaredSpend | undefined;
  /** What seats include, by the name of their tier. */
  readonly included?: Readonly<Record<string, DeclaredIncluded>> | undefined;
  readonly prepaid?: DeclaredPrepaid | undefined;
  readonly rates?: DeclaredOrganisationRates | undefined;
};

/** Something known by its name, which may be called differently from now on, or be gone. */
export type DeclaredName = { readonly absent?: true | undefined; readonly renamed_from?: string | undefined };

export type DeclaredRole = DeclaredName & {
  /** `all`: whatever the organisation allows. */
  readonly models?: DeclaredModels | 'all' | undefined;
  /** A model's id, or `inherit`. */
  readonly default_model?: string | undefined;
  readonly default_effort?: Effort | typeof INHERIT | undefined;
  /** All capabilities that are granted; `generally_available` and `all` stand for those, also of the future. */
  readonly capabilities?: readonly (Capability | Exclude<CapabilityAccess, 'selected'>)[] | undefined;
  readonly permissions?: { readonly [A in PermissionArea]?: PermissionLevel | undefined } | undefined;
  /** A level for every connector, or words by slug; `*` is for every registered one that has no word of its own. */
  readonly connectors?: ToolLevel | Readonly<Record<string, DeclaredGrant>> | undefined;
};

/** What a role grants on one connector. */
export type DeclaredGrant =
  | ToolLevel
  | {
      readonly level?: ToolLevel | undefined;
      readonly tools?: Readonly<Record<string, ToolLevel | typeof INHERIT>> | undefined;
    };

export type DeclaredGroup = DeclaredName & {
  /** E-mail addresses of all members. */
  readonly members?: readonly string[] | undefined;
  /** Names of all custom roles that are attached. */
  readonly roles?: readonly string[] | undefined;
  readonly limits?: DeclaredGroupLimits | undefined;
  /** Of each member of the group. */
  readonly rates?: DeclaredRates | undefined;
};

export type DeclaredMember = {
  readonly organisation_role?: 'user' | 'managed' | undefined;
  /** Names of all custom roles that are attached to the member directly. */
  readonly roles?: readonly string[] | undefined;
  readonly limits?: DeclaredLimits | undefined;
  readonly rates?: DeclaredRates | undefined;
};

export type DeclaredConnector = {
  readonly absent?: true | undefined;
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly level?: ToolLevel | undefined;
  readonly tools?: Readonly<Record<string, ToolLevel | typeof INHERIT>> | undefined;
};

/** Everything the files say. What they do not mention is nobody's business here. */
export type Declared = {
  readonly organisation: DeclaredOrganisation;
  readonly roles: Readonly<Record<string, DeclaredRole>>;
  readonly groups: Readonly<Record<string, DeclaredGroup>>;
  /** By e-mail address. */
  readonly members: Readonly<Record<string, DeclaredMember>>;
  /** By slug. */
  readonly connectors: Readonly<Record<string, DeclaredConnector>>;
  /** By name or id. */
  readonly workspaces: Readonly<Record<string, DeclaredLimited>>;
  /** By name or id. */
  readonly keys: Readonly<Record<string, DeclaredLimited>>;
};
