import type {
  Capability,
  CapabilityAccess,
  Effort,
  PermissionArea,
  PermissionLevel,
  ToolLevel,
} from '../../../kernel/index.ts';
import type { Path } from './declared.ts';
import type { MoneyAction } from './money-actions.ts';

/** What a step does to what it is about. */
export type Change = 'create' | 'update' | 'delete';

/** A line of a plan: `+`, `~` or `-`, and what will be done. */
export type Line = { readonly change: Change; readonly sentence: string };

/** One edit of the rules about models; roles by name, because one that is to be created has no id yet. */
export type ModelEdit =
  | {
      readonly type: 'organization_model';
      readonly model: string;
      readonly enabled?: boolean;
      readonly max_effort?: Effort | null;
    }
  | {
      readonly type: 'role_model';
      readonly role: string;
      readonly model: string;
      readonly enabled?: boolean;
      readonly max_effort?: Effort | null;
    }
  | {
      readonly type: 'organization_settings';
      readonly default_model?: string | null;
      readonly default_effort?: Effort | null;
      readonly new_models?: 'on' | 'off';
      readonly effort_action?: 'clamp' | 'refuse' | 'observe';
    }
  | {
      readonly type: 'role_defaults';
      readonly role: string;
      readonly default_model?: string | null;
      readonly default_effort?: Effort | null;
    };

/** What of a connector is set; a tool's level of null takes its row away. */
export type ConnectorFields = {
  readonly name?: string;
  readonly url?: string;
  readonly level?: ToolLevel;
  readonly tools?: readonly { readonly name: string; readonly level: ToolLevel | null }[];
};

/** What a role is to grant on one connector. */
export type ConnectorGrant = {
  readonly slug: string;
  readonly level?: ToolLevel;
  readonly tools?: readonly { readonly name: string; readonly level: ToolLevel | null }[];
};

/**
 * One call of the API. Roles, groups and connectors are named, not by id: those created by an earlier step get theirs
 * only then. Members are there already, so they have both.
 */
export type Action =
  | { readonly kind: 'rename-organisation'; readonly name: string }
  | { readonly kind: 'set-unlisted-servers'; readonly value: 'refuse' | 'refuse_for_custom' | 'allow' }
  | { readonly kind: 'create-connector'; readonly slug: string; readonly fields: ConnectorFields & { url: string } }
  | { readonly kind: 'update-connector'; readonly slug: string; readonly fields: ConnectorFields }
  | { readonly kind: 'delete-connector'; readonly slug: string }
  | { readonly kind: 'create-role'; readonly name: string }
  | { readonly kind: 'rename-role'; readonly from: string; readonly name: string }
  | { readonly kind: 'delete-role'; readonly name: string }
  | { readonly kind: 'edit-models'; readonly edits: readonly ModelEdit[]; readonly ifVersion: number }
  | {
      readonly kind: 'set-capabilities';
      readonly capabilities: { readonly [C in Capability]?: boolean };
      readonly ifVersion: string | null;
    }
  | {
      readonly kind: 'set-role-capabilities';
      readonly role: string;
      readonly access?: CapabilityAccess;
      readonly capabilities: { readonly [C in Capability]?: boolean };
      readonly ifVersion: string | null;
    }
  | {
      readonly kind: 'set-role-permissions';
      readonly role: string;
      readonly permissions: { readonly [A in PermissionArea]?: PermissionLevel };
      readonly ifVersion: string | null;
    }
  | {
      readonly kind: 'set-role-connectors';
      readonly role: string;
      readonly all?: ToolLevel;
      readonly connectors: readonly ConnectorGrant[];
      readonly ifVersion: string | null;
    }
  | MoneyAction
  | { readonly kind: 'create-group'; readonly name: string }
  | { readonly kind: 'rename-group'; readonly from: string; readonly name: string }
  | { readonly kind: 'delete-group'; readonly name: string }
  | { readonly kind: 'attach-group-role'; readonly group: string; readonly role: string }
  | { readonly kind: 'detach-group-role'; readonly group: string; readonly role: string }
  | { readonly kind: 'add-group-member'; readonly group: string; readonly userId: string }
  | { readonly kind: 'remove-group-member'; readonly group: string; readonly userId: string }
  | { readonly kind: 'attach-member-role'; readonly userId: string; readonly role: string }
  | { readonly kind: 'detach-member-role'; readonly userId: string; readonly role: string }
  | {
      readonly kind: 'set-organisation-role';
      readonly userId: string;
      readonly from: 'user' | 'managed';
      readonly to: 'user' | 'managed';
    };

/** A call with what it does, in one line or, for a call that makes several changes at once, in several. */
export type Step = { readonly action: Action; readonly lines: readonly Line[] };

/** Something in the files that cannot be done, and where it stands. */
export type Problem = { readonly path: Path; readonly problem: string };

/**
 * What has to be done, in this order. With a problem there is nothing to be done until it is solved; a note is something
 * to know.
 */
export type Plan = {
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
};

/** A step of a single line. */
export const step = (change: Change, sentence: string, action: Action): Step => ({
  action,
  lines: [{ change, sentence }],
});
