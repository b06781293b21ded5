import type { ProviderDeps } from './begin-sign-in.ts';
import { type ConnectionTest, SIGN_IN_PROBLEMS } from './contract.ts';
import { redeemCode } from './finish-flow.ts';
import { type Identity, type Plan, planAdmission, readIdentity } from './plan-admission.ts';
import { problemOf } from './problems.ts';
import type { Claims } from './rules/read-claims.ts';
import { flowStore, type StoredFlow } from './store.ts';

/** What a test found, as it is kept until somebody looks. */
type TestResult = Omit<ConnectionTest, 'type' | 'id'>;

const failed = (problem: TestResult['problem'], claims: Claims | null, outcome: string): TestResult => ({
  is_success: false,
  outcome,
  problem,
  claims,
  groups: null,
  role: null,
});

const outcomeOf = (plan: Plan, { email }: Identity): string => {
  switch (plan.action) {
    case 'enter':
      return `${plan.member.email} would be signed in; the account is linked already.`;
    case 'link':
      return `The account would be linked to the member ${plan.member.email} and signed in.`;
    case 'create':
      return plan.invite === null
        ? `A new member ${plan.email} would be made and signed in.`
        : `The invite of ${plan.email} would be accepted and its member signed in.`;
    case 'remove':
      return `${plan.member.email} would be removed: none of their groups gives access any more.`;
    case 'refuse':
      return `${email ?? 'The account'} would be refused: ${SIGN_IN_PROBLEMS[plan.problem]}`;
    default: {
      const unexpected: never = plan;
      return unexpected;
    }
  }
};

const describe = (plan: Plan, identity: Identity): TestResult => {
  const { claims, groups } = identity;
  const mapped = 'mapped' in plan ? plan.mapped : null;
  return {
    is_success: plan.action !== 'refuse' && plan.action !== 'remove',
    outcome: outcomeOf(plan, identity),
    problem: plan.action === 'refuse' ? plan.problem : null,
    claims,
    groups: { kind: groups.kind, groups: groups.kind === 'all' ? [...groups.groups] : [] },
    role:
      mapped?.role ??
      ('member' in plan ? plan.member.role : plan.action === 'create' ? (plan.invite?.role ?? 'user') : null),
  };
};

/** Finishes a test of the connection: keeps what the provider said and what would have come of it. Signs nobody in. */
export const finishTest =
  (deps: ProviderDeps) =>
  async (flow: StoredFlow, query: string): Promise<void> => {
    const result = await runTest(deps, flow, query);
    await flowStore(deps.database).setResult(flow.id, JSON.stringify(result));
  };

const runTest = async (deps: ProviderDeps, flow: StoredFlow, query: string): Promise<TestResult> => {
  try {
    const { provider, claims } = await redeemCode(deps)(flow, query);
    const identity = readIdentity(provider, claims);
    if (typeof identity === 'string') return failed(identity, claims, SIGN_IN_PROBLEMS[identity]);
    return describe(await planAdmission(deps.database, deps.now())(provider, identity), identity);
  } catch (thrown) {
    const problem = problemOf(thrown);
    return failed(problem, null, `${SIGN_IN_PROBLEMS[problem]}${causeOf(thrown)}`);
  }
};

/** An administrator may read what the library found wrong; nobody else is told. */
const causeOf = (thrown: unknown): string => {
  const { internal } = thrown as { readonly internal?: unknown };
  const words = internal instanceof Error ? [internal.message, nameOf(internal.cause)] : [String(internal ?? '')];
  const text = words.filter((word) => word !== '').join('; ');
  return text === '' ? '' : ` (${text})`;
};

const nameOf = (cause: unknown): string => {
  if (cause instanceof Error) return cause.message;
  const { error, error_description } = (cause ?? {}) as { error?: unknown; error_description?: unknown };
  return [error, error_description].filter((one) => typeof one === 'string').join(': ');
};

/** What a test found; undefined while it is under way, and once it is over. */
export const readTest =
  ({ database, now }: Pick<ProviderDeps, 'database' | 'now'>) =>
  async (providerId: string, testId: string): Promise<ConnectionTest | undefined> => {
    const flow = await flowStore(database).findTest(testId, providerId, now());
    if (flow?.result == null) return undefined;
    return { type: 'identity_provider_test', id: flow.id, ...(JSON.parse(flow.result) as TestResult) };
  };
