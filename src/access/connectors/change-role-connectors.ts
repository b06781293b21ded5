import { notFound } from '../../directory/index.ts';
import type { Doer } from '../../kernel/index.ts';
import { fingerprint } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { changeRoleTab } from '../roles/change-role-tab.ts';
import { editRoleConnectors, type RoleConnectorsChange } from '../rules/edit-role-connectors.ts';
import type { RoleAccess } from '../rules/types.ts';
import { connectorStore, roleConnectorStore } from './store.ts';

/** Names what a role's Connectors tab says. */
export const roleConnectorsVersion = ({ connectors: { all, connectors } }: RoleAccess): string =>
  fingerprint([all, [...connectors].map(([id, { level, tools }]) => [id, level, [...tools].sort()]).sort()]);

/** Changes what a custom role grants on connectors and their tools; what is left out stays. */
export const changeRoleConnectors =
  (deps: AccessDeps) =>
  (roleId: string, change: RoleConnectorsChange, by: Doer, ifVersion?: string): Promise<void> =>
    changeRoleTab(deps)(
      {
        roleId,
        ifVersion,
        versionOf: roleConnectorsVersion,
        edit: async (role, sql) => {
          const known = (await connectorStore(sql).list()).map(({ id }) => id);
          const unknown = change.connectors?.find(({ id }) => !known.includes(id));
          if (unknown !== undefined) throw notFound('connector', unknown.id);
          return { ...role, connectors: editRoleConnectors(role.connectors, change, known) };
        },
        write: (role, sql) => roleConnectorStore(sql).write(roleId, role.connectors),
      },
      by,
    );
