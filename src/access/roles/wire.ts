import type { ToolLevel } from '../../kernel/index.ts';
import { CAPABILITY_INFO } from '../rules/capabilities.ts';
import type { CapabilityRuling } from '../rules/capability-rulings.ts';
import type { EffectiveRole } from '../rules/effective-role.ts';
import type { Grant } from '../rules/types.ts';
import type * as contract from './contract.ts';

/** Levels of tools by name, as the API lists them. */
export const toolsToWire = (tools: ReadonlyMap<string, ToolLevel>) =>
  [...tools].map(([name, level]) => ({ name, level }));

const grantsToWire = (grants: readonly Grant[]): contract.EffectiveRole['roles'] =>
  grants.map(({ role, via }) => ({
    role_id: role.id,
    role_name: role.displayName,
    via: via.kind,
    rbac_group_id: via.kind === 'group' ? via.id : null,
    rbac_group_name: via.kind === 'group' ? via.name : null,
  }));

const STOPPED_BY = { platform: 'installation', organisation: 'organization', roles: 'roles' } as const;

const capabilityToWire = ({ capability, allowed, stoppedBy, grantedBy }: CapabilityRuling) => {
  const { title, kind, enforcedBy, shownBy } = CAPABILITY_INFO[capability];
  return {
    id: capability,
    title,
    kind,
    enforced_by: enforcedBy,
    shown_by: shownBy,
    allowed,
    stopped_by: stoppedBy === null ? null : STOPPED_BY[stoppedBy],
    granted_by: grantsToWire(grantedBy),
  };
};

/** What roles come to, as the API shows it. */
export const toEffectiveRole = (
  { grants, capabilities, areas, connectors }: EffectiveRole,
  about: Pick<contract.EffectiveRole, 'subject' | 'organization_role' | 'bound_by_roles' | 'explanation'>,
): contract.EffectiveRole => ({
  type: 'effective_role',
  ...about,
  roles: grantsToWire(grants),
  capabilities: capabilities.map(capabilityToWire),
  permissions: areas.map(({ area, level, grantedBy }) => ({ area, level, granted_by: grantsToWire(grantedBy) })),
  connectors: connectors.map(({ connector, tools }) => ({
    connector_id: connector.id,
    slug: connector.slug,
    name: connector.name,
    tools: tools.map(({ tool, level, stoppedBy, grantedBy }) => ({
      name: tool,
      level,
      stopped_by: stoppedBy === null ? null : STOPPED_BY[stoppedBy],
      granted_by: grantsToWire(grantedBy),
    })),
  })),
});
