import * as access from '../../access/contract.ts';
import * as directory from '../../directory/contract.ts';
import type { Call } from '../../platform/contract.ts';
import { MONEY_DOERS } from './apply-money.ts';
import { type Doers, type Doing, type Kind, namesIn } from './doing.ts';
import type { State } from './rules/state.ts';
import type { Action, ModelEdit, Plan, Step } from './rules/step.ts';

/** How far a plan got: what was done, and the step that failed with everything after it. */
export type Applied = {
  readonly done: readonly Step[];
  readonly failed: { readonly step: Step; readonly error: unknown } | null;
  readonly left: readonly Step[];
};

/** An edit as the API takes it, with the role's id; undefined while there is no such role. */
export const wireEdit = (
  edit: ModelEdit,
  idOf: (role: string) => string | undefined,
): access.PolicyEdit | undefined => {
  if (edit.type === 'organization_model' || edit.type === 'organization_settings') return edit;
  const { role, ...rest } = edit;
  const role_id = idOf(role);
  return role_id === undefined ? undefined : { ...rest, role_id };
};

const createNamed =
  (kind: Kind) =>
  async (name: string, { names }: Doing, create: Promise<{ readonly id: string }>): Promise<void> =>
    names.learn(kind, name, (await create).id);

/** The version to hold a change to; what has just been created has none that anybody else could have seen. */
const versionOf = (version: string | null) => (version === null ? {} : { if_version: version });

const DOERS: Doers<Action> = {
  ...MONEY_DOERS,
  'rename-organisation': ({ name }, { call }) => call(directory.renameOrganization, { body: { name } }),
  'set-unlisted-servers': ({ value }, { call }) =>
    call(access.setConnectorSettings, { body: { unlisted_servers: value } }),
  'set-capabilities': ({ capabilities, ifVersion }, { call }) =>
    call(access.setCapabilities, { body: { capabilities, ...versionOf(ifVersion) } }),
  'set-role-capabilities': ({ role, access: level, capabilities, ifVersion }, { call, names }) =>
    call(access.setRoleCapabilities, {
      params: { role_id: names.idOf('role', role) },
      body: { ...(level === undefined ? {} : { access: level }), capabilities, ...versionOf(ifVersion) },
    }),
  'set-role-permissions': ({ role, permissions, ifVersion }, { call, names }) =>
    call(directory.setRolePermissions, {
      params: { role_id: names.idOf('role', role) },
      body: { permissions, ...versionOf(ifVersion) },
    }),
  'set-role-connectors': ({ role, all, connectors, ifVersion }, { call, names }) =>
    call(access.setRoleConnectors, {
      params: { role_id: names.idOf('role', role) },
      body: {
        ...(all === undefined ? {} : { all_connectors: all }),
        connectors: connectors.map(({ slug, level, tools }) => ({
          connector_id: names.idOf('connector', slug),
          ...(level === undefined ? {} : { level }),
          ...(tools === undefined ? {} : { tools: [...tools] }),
        })),
        ...versionOf(ifVersion),
      },
    }),
  'create-connector': ({ slug, fields: { name = slug, url, level } }, at) => {
    const body = { slug, name, url, level: level ?? ('always' as const) };
    return createNamed('connector')(slug, at, at.call(access.createConnector, { body }));
  },
  'update-connector': ({ slug, fields: { tools, ...fields } }, { call, names }) =>
    call(access.updateConnector, {
      params: { connector_id: names.idOf('connector', slug) },
      body: { ...fields, ...(tools === undefined ? {} : { tools: [...tools] }) },
    }),
  'delete-connector': ({ slug }, { call, names }) =>
    call(access.deleteConnector, { params: { connector_id: names.idOf('connector', slug) } }),
  'create-role': ({ name }, at) =>
    createNamed('role')(name, at, at.call(directory.createRole, { body: { display_name: name } })),
  'rename-role': ({ from, name }, { call, names }) => {
    const role_id = names.idOf('role', from);
    names.learn('role', name, role_id);
    return call(directory.renameRole, { params: { role_id }, body: { display_name: name } });
  },
  'delete-role': ({ name }, { call, names }) =>
    call(directory.deleteRole, { params: { role_id: names.idOf('role', name) } }),
  'edit-models': ({ edits, ifVersion }, { call, names }) =>
    call(access.changeModelMatrix, {
      body: {
        edits: edits.flatMap((edit) => wireEdit(edit, (role) => names.idOf('role', role)) ?? []),
        if_version: ifVersion,
      },
    }),
  'create-group': ({ name }, at) => createNamed('group')(name, at, at.call(directory.createGroup, { body: { name } })),
  'rename-group': ({ from, name }, { call, names }) => {
    const group_id = names.idOf('group', from);
    names.learn('group', name, group_id);
    return call(directory.renameGroup, { params: { group_id }, body: { name } });
  },
  'delete-group': ({ name }, { call, names }) =>
    call(directory.deleteGroup, { params: { group_id: names.idOf('group', name) } }),
  'attach-group-role': ({ group, role }, { call, names }) =>
    call(directory.attachGroupRole, {
      params: { group_id: names.idOf('group', group) },
      body: { role_id: names.idOf('role', role) },
    }),
  'detach-group-role': ({ group, role }, { call, names }) =>
    call(directory.detachGroupRole, {
      params: { group_id: names.idOf('group', group), role_id: names.idOf('role', role) },
    }),
  'add-group-member': ({ group, userId }, { call, names }) =>
    call(directory.addGroupMember, { params: { group_id: names.idOf('group', group) }, body: { user_id: userId } }),
  'remove-group-member': ({ group, userId }, { call, names }) =>
    call(directory.removeGroupMember, { params: { group_id: names.idOf('group', group), user_id: userId } }),
  'attach-member-role': ({ userId, role }, { call, names }) =>
    call(directory.attachUserRole, { params: { user_id: userId }, body: { role_id: names.idOf('role', role) } }),
  'detach-member-role': ({ userId, role }, { call, names }) =>
    call(directory.detachUserRole, { params: { user_id: userId, role_id: names.idOf('role', role) } }),
  'set-organisation-role': ({ userId, from, to }, { call }) =>
    call(directory.updateUser, { params: { user_id: userId }, body: { role: to, expected_role: from } }),
};

const perform = <K extends Action['kind']>(action: Extract<Action, { kind: K }>, at: Doing): Promise<unknown> => {
  const doer: Doers<Action>[K] = DOERS[action.kind as K];
  return doer(action, at);
};

/**
 * Does what a plan says, step by step; `hear` is told of each that is done. Stops at the first that fails, which leaves
 * everything before it done: a new plan then holds the rest.
 */
export const applyPlan = async (
  { steps }: Pick<Plan, 'steps'>,
  { call, state, hear }: { readonly call: Call; readonly state: State; readonly hear: (step: Step) => void },
): Promise<Applied> => {
  const at: Doing = { call, names: namesIn(state) };
  for (const [index, step] of steps.entries()) {
    try {
      await perform(step.action, at);
    } catch (error) {
      return { done: steps.slice(0, index), failed: { step, error }, left: steps.slice(index + 1) };
    }
    hear(step);
  }
  return { done: steps, failed: null, left: [] };
};
