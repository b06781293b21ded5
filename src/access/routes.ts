import { notFound } from '../directory/index.ts';
import { type Actor, type Doer, Refusal } from '../kernel/index.ts';
import { type Route, route } from '../platform/index.ts';
import { capabilityRoutes } from './capabilities/routes.ts';
import { type AccessDeps, changeModels, readPolicyState } from './change-models.ts';
import { connectorRoutes } from './connectors/routes.ts';
import * as contract from './contract.ts';
import { type CountAttachments, createCountAttachments } from './count-attachments.ts';
import { previewModels } from './preview-models.ts';
import { roleRightsRoutes } from './roles/routes.ts';
import { explainAccess } from './rules/effective-access.ts';
import { mostCapableFirst } from './rules/model.ts';
import { resolveName } from './rules/model-index.ts';
import { compiledIn, principalOfGroup, principalOfMember, type Snapshot } from './snapshot.ts';
import { accessStore } from './store.ts';
import { fromWireEdit, toEffectiveAccess, toModelAccess, toRoleModel, toRoleModels, toSettings } from './wire.ts';

/** Binds the room's endpoints to their operations. */
export const accessRoutes = (deps: AccessDeps): readonly Route[] => {
  const countAttachments = createCountAttachments();
  return [
    ...matrixRoutes(deps, countAttachments),
    ...organisationRoutes(deps),
    ...roleRoutes(deps, countAttachments),
    ...effectiveRoutes(deps),
    ...capabilityRoutes(deps),
    ...connectorRoutes(deps),
    ...roleRightsRoutes(deps),
  ];
};

/** Saves edits and answers from what is stored then, whatever node reads it. */
const save = (deps: AccessDeps, edits: readonly contract.PolicyEdit[], by: Doer, ifVersion?: number) =>
  changeModels(deps)(edits.flatMap(fromWireEdit), by, ifVersion);

const findModel = ({ index }: Snapshot, name: string) => {
  const named = resolveName(index, name);
  if (named.kind !== 'model') throw new Refusal('not_found', `There is no model “${name}”.`);
  return named.model;
};

const matrixRoutes = (deps: AccessDeps, countAttachments: CountAttachments): readonly Route[] => {
  const show = async (): Promise<contract.ModelMatrix> => {
    const [version, { organisation, roles }] = await Promise.all([
      accessStore(deps.database).readVersion(),
      readPolicyState(deps.database),
    ]);
    const snapshot = deps.policy.current();
    const countsOf = await countAttachments(snapshot);
    const named = [...roles.values()].sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
    return {
      type: 'model_matrix',
      version,
      settings: toSettings(organisation),
      models: [...snapshot.index.models].sort(mostCapableFirst).map((model) => toModelAccess(model, organisation)),
      roles: named.map((role) =>
        toRoleModels(role, organisation, { index: snapshot.index, counts: countsOf(role.id) }),
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

const roleRoutes = (deps: AccessDeps, countAttachments: CountAttachments): readonly Route[] => {
  const find = async (id: string) => {
    const state = await readPolicyState(deps.database, [id]);
    const role = state.roles.get(id);
    if (role === undefined) throw notFound('custom role', id);
    return { role, organisation: state.organisation };
  };
  const show = async (id: string): Promise<contract.RoleModels> => {
    const { role, organisation } = await find(id);
    const snapshot = deps.policy.current();
    const countsOf = await countAttachments(snapshot);
    return toRoleModels(role, organisation, { index: snapshot.index, counts: countsOf(id) });
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
