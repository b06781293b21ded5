import fc from 'fast-check';

// Parts of policies about money and rates, drawn by chance. Few names and numbers, so that policies meet.

/** What is there to be limited, by name. */
export const WORKSPACES = ['Research', 'Support'];
export const KEYS = ['nightly', 'reports'];

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const named = <Value>(names: readonly string[], value: fc.Arbitrary<Value>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: names.length });

const amount = fc.constantFrom<number | string>(0, 1, 12.5, 0.00001, 999_999_999, 'unlimited');
const percent = fc.integer({ min: 1, max: 99 });
const step = fc.oneof(
  fc.record({ at_percent: percent, action: fc.constant('notify') }),
  fc.record({ at_percent: percent, action: fc.constant('lower_effort'), effort: fc.constantFrom('low', 'high') }),
  fc.record({
    at_percent: percent,
    action: fc.constant('restrict_models'),
    families: fc.uniqueArray(fc.constantFrom('haiku', 'sonnet', 'opus'), { minLength: 1 }),
  }),
);
const mode = fc.constantFrom('standard', 'strict');
const isOn = fc.constantFrom<boolean | string>(true, false, 'on', 'off');
const limit = fc.oneof(
  amount,
  fc.constant('none'),
  fc.record({ amount, mode: some(mode), enabled: some(isOn), ladder: some(fc.array(step, { maxLength: 3 })) }),
);
const limits = named(['daily', 'weekly', 'monthly'], limit);

const rate = fc.oneof(fc.constantFrom<number | string>(0, 1, 5000, 'none'));
const ofModels = named(['requests_per_minute', 'output_tokens_per_minute', 'tokens_per_day'], rate);
const requests = named(['requests_per_minute'], rate);
const pools = { rlg_claude_opus_5: some(ofModels), rlg_files: some(requests), rlg_token_count: some(requests) };
const rates = fc.record({ ...pools, rlg_batch: some(requests), rlg_all_models: some(ofModels) });
const custom = fc.record({
  ...pools,
  rlg_batch: some(named(['requests_per_minute', 'enqueued_batch_requests'], rate)),
});

const dollars = fc.constantFrom(1, 20, 0.5, 1000);
const spend = fc.record({
  multi_group_limit: some(fc.constantFrom('higher', 'lower')),
  increase_requests: some(isOn),
  thresholds: some(fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 4 })),
  store_outage: some(
    fc.record({ mode: some(fc.constantFrom('closed', 'open')), grace_seconds: some(fc.constantFrom(0, 60)) }),
  ),
  ask_for_more: some(
    fc.record({
      url: some(fc.constantFrom('none', 'https://help.example/more')),
      sentence: some(fc.constantFrom('none', 'Ask Ada: “more”.')),
    }),
  ),
});
const included = named(
  ['premium', 'basic'],
  fc.oneof(
    dollars,
    fc.constant('none'),
    fc.record({ amount: dollars, period: some(fc.constantFrom('daily', 'weekly')) }),
  ),
);
const prepaid = fc.record({
  enabled: some(isOn),
  mode: some(mode),
  auto_reload: some(
    fc.record({
      enabled: some(isOn),
      below: some(dollars),
      // Without an amount, buying by itself is refused.
      amount: dollars,
      monthly_maximum: some(fc.constantFrom<number | string>(5000, 'unlimited')),
    }),
  ),
});

/** What of money stands in the section of the organisation. */
export const organisationMoney = fc.record({
  limits: some(
    fc.record({
      total: some(limits),
      each_member: some(limits),
      each_session: some(limit),
      seat_tiers: some(named(['premium', 'basic'], limits)),
    }),
  ),
  spend: some(spend),
  included: some(included),
  prepaid: some(prepaid),
  rates: some(
    fc.oneof(
      fc.record({ tier: fc.constantFrom('unlimited', 'start', 'build', 'scale', 'custom') }),
      fc.record({ tier: fc.constant('custom'), custom }),
    ),
  ),
});

/** What of money stands in the section of a group. */
export const groupMoney = fc.record({
  limits: some(fc.record({ each_member: some(limits), together: some(limits) })),
  rates: some(rates),
});

/** What of money stands in the section of a member or a key. */
export const holderMoney = fc.record({ limits: some(limits), rates: some(rates) });

/** What of money stands in the section of a workspace: nothing on all models together. */
export const workspaceMoney = fc.record({ limits: some(limits), rates: some(fc.record(pools)) });

type Tree = { readonly [Key in string]?: unknown };
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a path ends that has a value of its own: a limit is one thing, whether it is an amount or an object. */
const isLeaf = (path: readonly string[], value: unknown): boolean =>
  !isTree(value) ||
  ['daily', 'weekly', 'monthly', 'each_session'].includes(path.at(-1) ?? '') ||
  path.at(-2) === 'included';

/** Every value about money in a policy, by the path that leads to it. */
export const moneyIn = (policy: unknown): ReadonlyMap<string, unknown> => {
  const found = new Map<string, unknown>();
  const walk = (value: unknown, path: readonly string[]): void => {
    if (value === undefined) return;
    if (isLeaf(path, value)) found.set(path.join(' › '), value);
    else if (isTree(value)) for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
  };
  const money = ['limits', 'rates', 'spend', 'included', 'prepaid'];
  const part = (value: unknown, path: readonly string[]): void => {
    for (const key of money) if (isTree(value) && value[key] !== undefined) walk(value[key], [...path, key]);
  };
  const root = isTree(policy) ? policy : {};
  part(root.organisation, ['organisation']);
  for (const section of ['groups', 'members', 'workspaces', 'keys'])
    for (const [name, value] of Object.entries(isTree(root[section]) ? root[section] : {}))
      part(value, [section, name]);
  return found;
};

const wordOf = (value: unknown): unknown => (value === 'on' ? true : value === 'off' ? false : value);

/** A limit with everything that a file may leave out. */
const wholeLimit = (limit: unknown) => ({
  amount: isTree(limit) ? limit.amount : limit,
  mode: (isTree(limit) ? limit.mode : undefined) ?? 'standard',
  enabled: wordOf((isTree(limit) ? limit.enabled : undefined) ?? true),
  ladder: inOrder(isTree(limit) ? limit.ladder : undefined),
});

const inOrder = (ladder: unknown): readonly { readonly at_percent: number }[] =>
  (Array.isArray(ladder) ? ladder : []).toSorted((a, b) => a.at_percent - b.at_percent);

const wanted = (path: string, said: unknown, is: unknown): unknown => {
  if (path.endsWith('thresholds') && Array.isArray(said)) return [...new Set(said)].toSorted((a, b) => a - b);
  if (said === 'none' && !path.includes('ask_for_more')) return undefined;
  if (path.includes('› limits ›')) {
    const named = isTree(said) ? Object.keys(said).filter((key) => said[key] !== undefined) : ['amount'];
    const kept = Object.entries(wholeLimit(is)).filter(([key]) => !named.includes(key));
    return { ...wholeLimit(said), ...Object.fromEntries(kept) };
  }
  if (path.includes('› included ›'))
    return isTree(said)
      ? { amount: said.amount, period: said.period ?? 'monthly' }
      : { amount: said, period: 'monthly' };
  return wordOf(said);
};

/** What is said of a value and what was found of it afterwards, in the same form: they are to be alike. */
export const asSaidAndAsFound = (
  path: string,
  said: unknown,
  is: unknown,
): readonly [said: unknown, found: unknown] => {
  // A prepaid balance that nobody uses is not exported.
  if (path.includes('› prepaid ›') && is === undefined) return [wordOf(said), said === 'standard' ? said : false];
  return [wanted(path, said, is), said !== 'none' && path.includes('› limits ›') ? wholeLimit(is) : is];
};
