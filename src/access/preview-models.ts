import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MemberFacts } from '../directory/index.ts';
import { type AccessDeps, editState, readPolicyState } from './change-models.ts';
import type * as contract from './contract.ts';
import { readRecordedRequests } from './decision-log.ts';
import type { PolicyEdit } from './rules/policy.ts';
import { type SimulatedPrincipal, simulateInSteps } from './rules/simulate.ts';
import type { Snapshot } from './snapshot.ts';
import { toSentence } from './wire.ts';

const DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;

/** What saving the edits would do: to members' rights, and to the requests of the last 30 days. Saves nothing. */
export const previewModels =
  ({ database, policy, now }: AccessDeps) =>
  async (edits: readonly PolicyEdit[]): Promise<contract.PolicyPreview> => {
    await policy.refresh();
    const snapshot = policy.current();
    const before = await readPolicyState(database);
    const { state: after, rewritten } = editState(before, snapshot.index, edits);
    const { recorded, truncated } = await readRecordedRequests(database, now() - DAYS * DAY_MS);
    const steps = simulateInSteps({
      index: snapshot.index,
      before,
      after,
      principals: await principalsOf(snapshot),
      recorded: recorded.map(({ userId, groupId, wanted, count }) => ({
        principal: userId ?? groupId ?? '',
        wanted,
        count,
      })),
    });
    const { members, requests } = await inTurnsWithOthers(steps);
    return {
      type: 'policy_preview',
      members: {
        gaining: members.gain,
        losing: members.lose,
        per_model: members.perModel.map((one) => ({
          model: one.model,
          gained: one.gained,
          lost: one.lost,
          cap_lowered: one.capLowered,
          cap_raised: one.capRaised,
        })),
      },
      requests: {
        days: DAYS,
        total: requests.total,
        newly_denied: requests.newlyDenied,
        newly_clamped: requests.newlyClamped,
        newly_allowed: requests.newlyAllowed,
        truncated,
      },
      rewritten: [...new Set(rewritten.map((one) => toSentence(one, after)))],
    };
  };

const inTurnsWithOthers = async <R>(steps: Generator<void, R>): Promise<R> => {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
};

const rolesOf = (snapshot: Snapshot, member: MemberFacts): readonly string[] => [
  ...member.roleIds,
  ...member.groupIds.flatMap((id) => snapshot.groups.get(id)?.roleIds ?? []),
];

/** So many members are gathered before others have their turn. */
const MEMBERS_PER_STEP = 2000;

const principalsOf = async (snapshot: Snapshot): Promise<readonly SimulatedPrincipal[]> => {
  const principals: SimulatedPrincipal[] = [];
  for (const member of snapshot.members.values()) {
    const { id: key, role: organisationRole } = member;
    principals.push({ kind: 'member', key, organisationRole, roles: rolesOf(snapshot, member) });
    if (principals.length % MEMBERS_PER_STEP === 0) await nextTurn();
  }
  for (const { id, roleIds } of snapshot.groups.values()) principals.push({ kind: 'service', key: id, roles: roleIds });
  return principals;
};
