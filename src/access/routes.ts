import { notFound } from '../directory/index.ts';
import { type Actor, type Doer, Refusal } from '../kernel/index.ts';
import { type Route, route } from '../platform/index.ts';
import { capabilityRoutes } from './capabilities/routes.ts';
import { type AccessDeps, changeModels, readPolicyState } from './change-models.ts';
import { connectorRoutes } from './connectors/routes.ts';
import * as contract from './contract.ts';
import { previewModels } from './preview-models.ts';
import { roleRightsRoutes } from './roles/routes.ts';
import { explainAccess } from './rules/effective-access.ts';
import { mostCapableFirst } from './rules/model.ts';
import { resolveName } from './rules/model-index.ts';
import { compiledIn, principalOfGroup, principalOfMember, type Snapshot } from './snapshot.ts';
import { accessStore } from './store.ts';
import {
  fromWireEdit,
  type RoleCounts,
  toEffectiveAccess,
  toModelAccess,
  toRoleModel,
  toRoleModels,
  toSettings,
} from './wire.ts';

/** Binds the room's endpoints to their operations. */
export const accessRoutes = (deps: AccessDeps): readonly Route[] => [
  ...matrixRoutes(deps),
  ...organisationRoutes(deps),
  ...roleRoutes(deps),
  ...effectiveRoutes(deps),
  ...capabilityRoutes(deps),
  ...connectorRoutes(deps),
  ...roleRightsRoutes(deps),
];

/** Saves edits and answers from what is stored then, whatever node reads it. */
const save = (deps: AccessDeps, edits: readonly contract.PolicyEdit[], by: Doer, ifVersion?: number) =>
  changeModels(deps)(edits.flatMap(fromWireEdit), by, ifVersion);

const findModel = ({ index }: Snapshot, name: string) => {
  const named = resolveName(index, name);
  if (named.kind !== 'model') throw new Refusal('not_found', `There is no model “${name}”.`);
  return named.model;
};

const matrixRoutes = (deps: AccessDeps): readonly Route[] => {
  const show = async (): Promise<contract.ModelMatrix> => {
    const [version, { organisation, roles }] = await Promise.all([
      accessStore(deps.database).readVersion(),
      readPolicyState(deps.database),
    ]);
    const snapshot = deps.policy.current();
    const counts = countAttachments(snapshot);
    const named = [...roles.values()].sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
    return {
      type: 'model_matrix',
      version,
      settings: toSettings(organisation),
      models: [...snapshot.index.models].sort(mostCapableFirst).map((model) => toModelAccess(model, organisation)),
      roles: named.map((role) =>
        toRoleModels(role, organisation, { index: snapshot.index, counts: counts.get(role.id) ?? NO_ATTACHMENTS }),
      ),
    };
  };
  return [
    route(contract.getModelMatrix, show),
    route(contract.changeModelMatrix, async ({ body, by }) => {
      await save(deps, body.edits, by, body.if_version);
      return show();
    }),
    route(contract.previewModelMatrix, ({ body }) => previewModels(deps)(body.edits.flatMap(fromWireEdit))),
  ];
};

const organisationRoutes = (deps: AccessDeps): readonly Route[] => {
  const store = accessStore(deps.database);
  const show = async (name: string) =>
    toModelAccess(findModel(deps.policy.current(), name), await store.readOrganisation());
  return [
    route(contract.listModelAccess, async () => {
      const organisation = await store.readOrganisation();
      return { data: deps.policy.current().index.models.map((model) => toModelAccess(model, organisation)) };
    }),
    route(contract.getModelAccess, ({ params }) => show(params.model)),
    route(contract.setModelAccess, async ({ params, body, by }) => {
      const model = findModel(deps.policy.current(), params.model);
      await save(deps, [{ type: 'organization_model', model: model.id, ...body }], by);
      return show(model.id);
    }),
    route(contract.getModelSettings, async () => toSettings(await store.readOrganisation())),
    route(contract.setModelSettings, async ({ body, by }) => {
      await save(deps, [{ type: 'organization_settings', ...body }], by);
      return toSettings(await store.readOrganisation());
    }),
  ];
};

const roleRoutes = (deps: AccessDeps): readonly Route[] => {
  const find = async (id: string) => {
    const state = await readPolicyState(deps.database, [id]);
    const role = state.roles.get(id);
    if (role === undefined) throw notFound('custom role', id);
    return { role, organisation: state.organisation };
  };
  const show = async (id: string): Promise<contract.RoleModels> => {
    const { role, organisation } = await find(id);
    const snapshot = deps.policy.current();
    const counts = countAttachments(snapshot).get(id) ?? NO_ATTACHMENTS;
    return toRoleModels(role, organisation, { index: snapshot.index, counts });
  };
  return [
    route(contract.getRoleModels, ({ params }) => show(params.role_id)),
    route(contract.setRoleModelAccess, async ({ params, body, by }) => {
      await find(params.role_id);
      const model = findModel(deps.policy.current(), params.model);
      await save(deps, [{ type: 'role_model', role_id: params.role_id, model: model.id, ...body }], by);
      const { role, organisation } = await find(params.role_id);
      return toRoleModel(model, role, organisation);
    }),
    route(contract.setRoleDefaults, async ({ params, body, by }) => {
      await save(deps, [{ type: 'role_defaults', role_id: params.role_id, ...body }], by);
      return show(params.role_id);
    }),
  ];
};

const effectiveRoutes = (deps: AccessDeps): readonly Route[] => {
  const ofMember = async (userId: string): Promise<contract.EffectiveAccess> => {
    await deps.policy.refresh();
    const snapshot = deps.policy.current();
    const member = snapshot.members.get(userId);
    if (member === undefined) throw notFound('member', userId);
    const { entitlements } = compiledIn(snapshot, userId, () => principalOfMember(snapshot, member));
    return toEffectiveAccess(
      explainAccess(entitlements),
      { type: 'user', id: member.id, name: member.name },
      { index: snapshot.index, organisationRole: member.role },
    );
  };
  return [
    route(contract.getUserAccess, ({ params }) => ofMember(params.user_id)),
    route(contract.getMyAccess, ({ actor }) => ofMember(memberIdOf(actor))),
    route(contract.getGroupAccess, async ({ params }) => {
      await deps.policy.refresh();
      const snapshot = deps.policy.current();
      const group = snapshot.groups.get(params.group_id);
      if (group === undefined) throw notFound('group', params.group_id);
      const { entitlements } = compiledIn(snapshot, group.id, () => principalOfGroup(snapshot, group));
      return toEffectiveAccess(
        explainAccess(entitlements),
        { type: 'rbac_group', id: group.id, name: group.name },
        { index: snapshot.index, organisationRole: null },
      );
    }),
  ];
};

const memberIdOf = (actor: Actor): string => {
  if (actor.kind !== 'member') throw new Refusal('permission_denied', 'This answers about a member.');
  return actor.userId;
};

const NO_ATTACHMENTS: RoleCounts = { groups: 0, members: 0 };

/** How many groups and how many members each role reaches. */
const countAttachments = (snapshot: Snapshot): ReadonlyMap<string, RoleCounts> => {
  const groups = new Map<string, number>();
  const members = new Map<string, number>();
  const add = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const group of snapshot.groups.values()) for (const id of group.roleIds) add(groups, id);
  for (const member of snapshot.members.values()) {
    const ofGroups = member.groupIds.flatMap((id) => snapshot.groups.get(id)?.roleIds ?? []);
    for (const id of new Set([...member.roleIds, ...ofGroups])) add(members, id);
  }
  const ids = new Set([...groups.keys(), ...members.keys()]);
  return new Map([...ids].map((id) => [id, { groups: groups.get(id) ?? 0, members: members.get(id) ?? 0 }]));
};
