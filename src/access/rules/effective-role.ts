import {
  type Capability,
  PERMISSION_AREAS,
  PERMISSION_LEVELS,
  type PermissionArea,
  type PermissionLevel,
} from '../../kernel/index.ts';
import type { CapabilityRuling } from './capability-rulings.ts';
import type { Connector, ConnectorIndex } from './connectors.ts';
import type { Entitlements } from './entitlements.ts';
import { namedTools, type ToolRuling, toolLevel } from './tool-level.ts';
import { bindingGrants, type Grant, type Principal } from './types.ts';

/** A level in an area of administration, and the grants that give it. */
export type AreaLine = {
  readonly area: PermissionArea;
  readonly level: PermissionLevel;
  readonly grantedBy: readonly Grant[];
};

/** A connector with a ruling for each tool that somebody has named, and one (`tool` null) for all others. */
export type ConnectorLine = {
  readonly connector: Connector;
  readonly tools: readonly (ToolRuling & { readonly tool: string | null })[];
};

/** All that roles come to for one principal, but for models. */
export type EffectiveRole = {
  readonly grants: readonly Grant[];
  readonly capabilities: readonly CapabilityRuling[];
  readonly areas: readonly AreaLine[];
  readonly connectors: readonly ConnectorLine[];
};

/** What roles permit of administration, by the role's id. */
export type AreasByRole = ReadonlyMap<string, Readonly<Record<PermissionArea, PermissionLevel>>>;

const rank = (level: PermissionLevel): number => PERMISSION_LEVELS.indexOf(level);

// What a built-in role permits is not of roles' making; only the grants that bind somebody count.
const areaOf = (area: PermissionArea, grants: readonly Grant[], areas: AreasByRole): AreaLine => {
  const levelOf = ({ role }: Grant): PermissionLevel => areas.get(role.id)?.[area] ?? 'none';
  const level = grants.map(levelOf).reduce((best, one) => (rank(one) > rank(best) ? one : best), 'none');
  return { area, level, grantedBy: level === 'none' ? [] : grants.filter((grant) => levelOf(grant) === level) };
};

const connectorOf = (principal: Principal, connector: Connector): ConnectorLine => {
  const tools = [null, ...[...namedTools(principal, connector)].sort()];
  return { connector, tools: tools.map((tool) => ({ tool, ...toolLevel({ principal }, { connector, tool }) })) };
};

/** What all roles of a principal come to, line by line. Areas count only where roles bind a member: keys hold none. */
export const effectiveRole = (
  { principal, capabilities }: Entitlements,
  { connectors, areas }: { readonly connectors: ConnectorIndex; readonly areas: AreasByRole },
): EffectiveRole => {
  const grants = bindingGrants(principal) ?? [];
  const rulings: ReadonlyMap<Capability, CapabilityRuling> = capabilities;
  return {
    grants,
    capabilities: [...rulings.values()],
    areas: PERMISSION_AREAS.map((area) => areaOf(area, principal.kind === 'member' ? grants : [], areas)),
    connectors: [...connectors.byId.values()].map((connector) => connectorOf(principal, connector)),
  };
};
