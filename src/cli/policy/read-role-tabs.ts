import { getRoleCapabilities, getRoleConnectors } from '../../access/contract.ts';
import { getRolePermissions } from '../../directory/contract.ts';
import type { Call } from '../../platform/contract.ts';
import type { RoleTabs } from './rules/state.ts';

/** Which tabs of a role are read. */
export type WantedTabs = { readonly [Tab in keyof RoleTabs]: boolean };

type Reading = { readonly [Tab in keyof RoleTabs]: (call: Call, roleId: string) => Promise<RoleTabs[Tab]> };

const READ: Reading = {
  capabilities: async (call, role_id) => {
    const { version, access, capabilities } = await call(getRoleCapabilities, { params: { role_id } });
    return { version, access, selected: capabilities.filter(({ selected }) => selected).map(({ id }) => id) };
  },
  permissions: async (call, role_id) => {
    const { version, permissions } = await call(getRolePermissions, { params: { role_id } });
    return { version, levels: permissions };
  },
  connectors: async (call, role_id) => {
    const { version, all_connectors, connectors } = await call(getRoleConnectors, { params: { role_id } });
    const bySlug = connectors.map(({ slug, level, tools }) => {
      const own = Object.fromEntries(tools.map((tool) => [tool.name, tool.level]));
      return [slug, { level, tools: own }] as const;
    });
    return { version, all: all_connectors, bySlug: Object.fromEntries(bySlug) };
  },
};

/** Reads what a role grants beside models, as far as is wanted. */
export const readTabs = async (call: Call, roleId: string, wanted: WantedTabs): Promise<RoleTabs> => ({
  capabilities: wanted.capabilities ? await READ.capabilities(call, roleId) : null,
  permissions: wanted.permissions ? await READ.permissions(call, roleId) : null,
  connectors: wanted.connectors ? await READ.connectors(call, roleId) : null,
});
