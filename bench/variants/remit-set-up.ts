import { EFFORTS } from '../../src/kernel/index.ts';
import { MODEL } from '../traffic/bodies.ts';

const CALLS_AT_ONCE = 4;
/** Granted beside the requested model, so that a role's list has several entries as real ones do. */
const OTHER_MODELS = ['claude-sonnet-5-5', 'claude-haiku-5-5'];

type Call = (path: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>;

const textOf = (reply: Record<string, unknown>, field: string): string => {
  const value = reply[field];
  if (typeof value !== 'string') throw new Error(`the reply has no "${field}": ${JSON.stringify(reply).slice(0, 200)}`);
  return value;
};

const caller =
  (origin: string, adminKey: string): Call =>
  async (path, body) => {
    const response = await fetch(`${origin}/v1/organizations/${path}`, {
      method: 'POST',
      headers: { 'x-api-key': adminKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };

/** A role that grants three models; caps differ from role to role and never lie below the effort that is asked for. */
const addRole = async (call: Call, userId: string, index: number): Promise<void> => {
  const roleId = textOf(await call('rbac_roles', { display_name: `Bench role ${index}` }), 'id');
  const cap = EFFORTS[1 + (index % (EFFORTS.length - 1))];
  for (const model of [MODEL, ...OTHER_MODELS])
    await call(`rbac_roles/${roleId}/model_access/${model}`, { enabled: true, max_effort: cap });
  await call(`users/${userId}/roles`, { role_id: roleId });
};

/** A hundred million dollars and as many requests: what has to be checked, and never stops anybody. */
const CENTS = '10000000000';

/** The group of models that {@link MODEL} is in. */
const POOL = 'rlg_claude_opus_5_5';

/**
 * Limits on the organisation, the member and the key, the first two in all three periods; a tier with numbers of its own, and
 * rates of member and key below it.
 */
const addLimits = async (call: Call, userId: string, keyId: string): Promise<void> => {
  for (const period of ['daily', 'weekly', 'monthly']) {
    await call('spend_limits', { scope: { type: 'organization_total' }, amount: CENTS, period });
    await call('spend_limits', { scope: { type: 'user', user_id: userId }, amount: CENTS, period });
  }
  await call('spend_limits', { scope: { type: 'api_key', api_key_id: keyId }, amount: CENTS, period: 'monthly' });
  const limits = ['requests_per_minute', 'input_tokens_per_minute_cache_aware', 'output_tokens_per_minute'].map(
    (type) => ({ type, value: 1_000_000_000 }),
  );
  await call('rate_tier', { tier: 'custom' });
  await call(`rate_limits/${POOL}`, { limits });
  for (const scope of [
    { type: 'user', user_id: userId },
    { type: 'api_key', api_key_id: keyId },
  ])
    await call('rate_limit_overrides', { scope, rate_limit_id: 'rlg_all_models', limits });
};

type Wished = { origin: string; adminKey: string; roles: number; hasLimits: boolean };

/** Makes one Custom member with `roles` roles attached, and answers a key of that member. */
export const establish = async (wish: Wished): Promise<string> => {
  const call = caller(wish.origin, wish.adminKey);
  for (const model of [MODEL, ...OTHER_MODELS])
    await call(`model_access/${model}`, { enabled: true, max_effort: 'max' });
  const user = await call('users', { email: 'bench@example.com', name: 'Bench', role: 'managed' });
  const userId = textOf(user, 'id');
  for (let first = 0; first < wish.roles; first += CALLS_AT_ONCE) {
    const count = Math.min(CALLS_AT_ONCE, wish.roles - first);
    await Promise.all(Array.from({ length: count }, (_, index) => addRole(call, userId, first + index)));
  }
  const key = await call('api_keys', { name: 'bench', user_id: userId });
  if (wish.hasLimits) await addLimits(call, userId, textOf(key, 'id'));
  return textOf(key, 'key');
};
