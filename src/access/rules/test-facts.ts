import type { Effort } from '../../kernel/index.ts';
import { NEW_ROLE_CAPABILITIES } from './capabilities.ts';
import { CATALOGUE } from './catalogue.ts';
import { NEW_ROLE_CONNECTORS, NO_CONNECTORS } from './connectors.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { type Entitlements, entitlementsOf } from './entitlements.ts';
import { indexModels } from './model-index.ts';
import type { PolicyState } from './policy.ts';
import {
  BRINGS_NOTHING,
  type Grant,
  type ModelAccess,
  type OrganisationAccess,
  type OrganisationRole,
  type Principal,
  type RoleAccess,
  type Wanted,
} from './types.ts';

/** The catalogue, indexed: the models every test of these rules speaks of. */
export const INDEX = indexModels(CATALOGUE);

/** A row of model access in one word: `on` at any effort, `off`, or on up to a level. */
export type Row = 'on' | 'off' | Effort;

/** Rows by model id. */
export type Rows = Readonly<Record<string, Row>>;

const toAccess = (row: Row): ModelAccess => ({
  enabled: row !== 'off',
  maxEffort: row === 'on' || row === 'off' ? null : row,
});

const toRows = (rows: Rows): ReadonlyMap<string, ModelAccess> =>
  new Map(Object.entries(rows).map(([id, row]) => [id, toAccess(row)]));

/** An organisation that allows everything, but for what `rows` and `more` say. */
export const organisation = (rows: Rows = {}, more: Partial<OrganisationAccess> = {}): OrganisationAccess => ({
  models: toRows(rows),
  defaultModel: null,
  defaultEffort: null,
  effortAction: 'clamp',
  newModels: 'on',
  capabilitiesOff: new Set(),
  capabilityOverrides: new Map(),
  connectors: NO_CONNECTORS,
  unlistedServers: 'refuse_for_custom',
  ...more,
});

/** A custom role; its id is made of its name. */
export const role = (displayName: string, rows: 'all' | Rows, more: Partial<RoleAccess> = {}): RoleAccess => ({
  id: `role-${displayName}`,
  displayName,
  models: rows === 'all' ? 'all' : toRows(rows),
  defaultModel: null,
  defaultEffort: null,
  capabilities: NEW_ROLE_CAPABILITIES,
  connectors: NEW_ROLE_CONNECTORS,
  ...more,
});

/** Each role by a group of its own name. */
export const grants = (roles: readonly RoleAccess[]): readonly Grant[] =>
  roles.map((one) => ({
    role: one,
    via: { kind: 'group', id: `group-${one.displayName}`, name: `${one.displayName} people` },
  }));

/** A member with roles; Custom unless said otherwise. */
export const member = (roles: readonly RoleAccess[], organisationRole: OrganisationRole = 'managed'): Principal => ({
  kind: 'member',
  id: 'user-1',
  organisationRole,
  grants: grants(roles),
});

/** A service key of a group with roles. */
export const service = (roles: readonly RoleAccess[]): Principal => ({
  kind: 'service',
  groupId: 'group-1',
  groupName: 'Builders',
  grants: grants(roles),
});

/** Somebody with roles: a member in an organisation role, or a service key. */
export const principalAs = (as: OrganisationRole | 'service', roles: readonly RoleAccess[]): Principal =>
  as === 'service' ? service(roles) : member(roles, as);

/** Rights compiled over the catalogue. */
export const rights = (ceiling: OrganisationAccess, principal: Principal): Entitlements =>
  entitlementsOf({ index: INDEX, organisation: ceiling, principal });

/** A request for a model and nothing else, but for what `more` says. */
export const wants = (model: string, more: Partial<Wanted> = {}): Wanted => ({
  model,
  effort: undefined,
  messageEfforts: [],
  thinkingBudget: null,
  fallbackModels: [],
  ...BRINGS_NOTHING,
  ...more,
});

/** The answer to a request over the catalogue. */
export const answer = (ceiling: OrganisationAccess, principal: Principal, wanted: Wanted): Decision =>
  decide({ entitlements: rights(ceiling, principal), index: INDEX, organisation: ceiling, wanted, policyVersion: 7 });

/** A policy of an organisation and roles. */
export const policy = (ceiling: OrganisationAccess, roles: readonly RoleAccess[] = []): PolicyState => ({
  organisation: ceiling,
  roles: new Map(roles.map((one) => [one.id, one])),
});

export const OPUS = 'claude-opus-5-5';
export const OPUS_5 = 'claude-opus-5';
export const OPUS_4_6 = 'claude-opus-4-6';
export const OPUS_4_5 = 'claude-opus-4-5-20251101';
export const SONNET = 'claude-sonnet-5-5';
export const SONNET_5 = 'claude-sonnet-5';
export const SONNET_4_5 = 'claude-sonnet-4-5-20250929';
export const HAIKU = 'claude-haiku-5-5';
export const HAIKU_4_5 = 'claude-haiku-4-5-20251001';
export const FABLE = 'claude-fable-5-2';
