import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/platform/contract.ts';
import { type CommandLine, commandLineAt } from '../support/cli.ts';
import { access, directory, type Remit, spend, startRemit } from '../support/remit.ts';

// The policy as files, by the command line in front of a real Remit. The tests build on each other.

let remit: Remit;
let cli: CommandLine;
const emails = ['ada@example.com', 'grace@example.com'] as const;

const TEAM = [
  'remit: policy/v1',
  'organisation:',
  '  models:',
  '    claude-opus-5-5: high',
  '    claude-opus-5: off',
  '  default_model: claude-sonnet-5-5',
  '  effort_action: refuse',
  'roles:',
  '  Writers:',
  '    models: {"*": off, claude-sonnet-5-5: medium}',
  '    default_model: claude-sonnet-5-5',
  'groups:',
  '  Editorial:',
  `    members: [${emails.join(', ')}]`,
  '    roles: [Writers]',
  'members:',
  '  ada@example.com: {organisation_role: managed}',
];

const PLAN = `  + create the role “Writers”
  ~ Claude Opus 5.5 for the organisation: highest effort high (was no cap)
  ~ switch Claude Opus 5 off for the organisation
  ~ default model of the organisation: claude-sonnet-5-5 (was recommended)
  ~ too high an effort of the organisation: refuse (was clamp)
  ~ Claude Sonnet 5.5 for the role “Writers”: highest effort medium (was no cap)
  ~ switch 16 other models off for the role “Writers”
  ~ default model of the role “Writers”: claude-sonnet-5-5 (was inherit)
  + create the group “Editorial”
  + attach the role “Writers” to the group “Editorial”
  + add ada@example.com to the group “Editorial”
  + add grace@example.com to the group “Editorial”
  ~ make ada@example.com Custom (managed) (was User)`;

const policyNow = async (): Promise<string> => (await cli.run(['export'])).printed;

beforeAll(async () => {
  remit = await startRemit();
  cli = commandLineAt(remit.url);
  for (const email of emails) await remit.callNow(directory.addUser, { body: { email, role: 'user' } });
});
afterAll(() => remit.stop());

describe('a new organisation', () => {
  it('is planned without being changed', async () => {
    const before = await policyNow();
    const file = cli.file('team.yaml', TEAM);
    const { exitCode, printed } = await cli.run(['plan', '-f', file]);
    expect(printed.split('\n\n')[0]).toBe(PLAN);
    expect(printed).toMatch(/Plan: 5 to add, 8 to change, 0 to take away\.$/);
    expect(exitCode).toBe(0);
    expect((await cli.run(['apply', '--dry-run', '-f', file])).printed).toBe(printed);
    expect(await policyNow()).toBe(before);
  });

  it('tells a pipeline by its exit code whether something is pending', async () => {
    const file = cli.file('team.yaml', TEAM);
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', file])).exitCode).toBe(2);
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', 'missing.yaml'])).exitCode).toBe(1);
    expect((await cli.run(['plan', '--detailed-exitcode', '--loud'])).exitCode).toBe(1);
  });

  it('is not changed without somebody who agrees', async () => {
    const before = await policyNow();
    const file = cli.file('team.yaml', TEAM);
    expect(await cli.run(['apply', '-f', file])).toMatchObject({
      exitCode: 2,
      complained: 'Nobody is here to agree to this plan. Look at it with “remit plan” or --dry-run, then give --yes.',
    });
    expect(await cli.run(['apply', '-f', file], async () => 'no')).toMatchObject({
      exitCode: 1,
      complained: 'Nothing was changed.',
    });
    expect(await policyNow()).toBe(before);
  });

  it('is brought to what the file says, step by step', async () => {
    const { exitCode, printed } = await cli.run(['apply', '-f', cli.file('team.yaml', TEAM)], async () => 'yes');
    expect(exitCode).toBe(0);
    expect(printed).toContain(PLAN.replaceAll(/^ {2}/gm, '  done  '));
    expect(printed).toMatch(/Applied: 13 changes\.$/);
    const { models } = await remit.call(access.getModelMatrix);
    expect(models.find(({ model }) => model === 'claude-opus-5-5')).toMatchObject({
      enabled: true,
      max_effort: 'high',
    });
  });

  it('is as the file says from then on', async () => {
    const file = cli.file('team.yaml', TEAM);
    expect(await cli.run(['apply', '--yes', '-f', file])).toEqual({
      exitCode: 0,
      printed: 'Nothing to do: the organisation is as the files say.',
      complained: '',
    });
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', file])).exitCode).toBe(0);
  });
});

describe('an organisation that is there', () => {
  it('is written as a file, from which there is nothing to do', async () => {
    const text = await policyNow();
    expect(text).toContain('  Writers:\n    models:\n      claude-sonnet-5-5: medium\n');
    expect(text).toContain('  Editorial:\n    roles:\n      - Writers\n    members:\n      - ada@example.com\n');
    const { printed } = await cli.run(['plan', '-f', cli.file('all.yaml', [text])]);
    expect(printed).toBe('Nothing to do: the organisation is as the files say.');
  });

  it('keeps what the file does not mention', async () => {
    await remit.call(directory.createRole, { body: { display_name: 'Made by hand' } });
    const before = await policyNow();
    const file = cli.file('small.yaml', ['remit: policy/v1', 'groups:', '  Editorial: {members: [grace@example.com]}']);
    const { printed } = await cli.run(['apply', '--yes', '-f', file]);
    expect(printed).toContain('done  - take ada@example.com out of the group “Editorial”');
    expect(await policyNow()).toBe(before.replace('      - ada@example.com\n', ''));
  });

  it('is told in JSON too', async () => {
    const file = cli.file('role.yaml', ['remit: policy/v1', 'roles:', '  Readers: {models: all}']);
    const change = { change: 'create', action: 'create-role', sentence: 'create the role “Readers”' };
    const planned = await cli.run(['--json', 'plan', '-f', file]);
    expect(JSON.parse(planned.printed)).toEqual({
      type: 'policy_plan',
      has_changes: true,
      changes: [change],
      notes: [],
      impact: null,
    });
    const applied = await cli.run(['--json', 'apply', '--yes', '-f', file]);
    expect(JSON.parse(applied.printed)).toEqual({
      type: 'policy_applied',
      complete: true,
      changes: [{ ...change, status: 'done' }],
    });
  });

  it('is not touched by files that are wrong', async () => {
    const before = await policyNow();
    const file = cli.file('wrong.yaml', [
      'remit: policy/v1',
      'organisation:',
      '  models: {claude-sonnet-5-5: off}',
      'groups:',
      '  New: {roles: [Wirters]}',
    ]);
    expect(await cli.run(['apply', '--yes', '-f', file])).toEqual({
      exitCode: 1,
      printed: '',
      complained: [
        'wrong.yaml:3:12: Claude Sonnet 5.5 is the default model of the organisation. Choose another default_model too.',
        'wrong.yaml:3:12: Claude Sonnet 5.5 is the default model of the role “Writers”. Choose another default_model there too.',
        'wrong.yaml:5:17: There is no custom role “Wirters”, and the files create none. Did you mean “Writers”?',
        'Nothing was changed.',
      ].join('\n'),
    });
    expect(await policyNow()).toBe(before);
  });
});

describe('spend limits in a file', () => {
  const LIMITS = [
    'remit: policy/v1',
    'organisation:',
    '  limits:',
    '    total: {monthly: {amount: 5000, mode: strict}}',
    '    each_member: {monthly: 50, daily: unlimited}',
    '    seat_tiers: {premium: {weekly: 12.5}}',
    'groups:',
    '  Editorial:',
    '    limits:',
    '      together: {monthly: {amount: 200, ladder: [{at_percent: 80, action: lower_effort, effort: low}]}}',
    '  Night desk:',
    '    limits: {each_member: {daily: 1}}',
    'members:',
    '  ada@example.com: {limits: {monthly: 100}}',
  ];

  it('are set, and then there is nothing to do, also from what is exported', async () => {
    const file = cli.file('limits.yaml', LIMITS);
    const { printed } = await cli.run(['apply', '--yes', '-f', file]);
    expect(printed).toContain('done  + monthly limit of the whole organisation: $5,000.00, strict');
    expect(printed).toContain('done  + daily limit of each member of the group “Night desk”: $1.00');
    expect(printed).toMatch(/Applied: 8 changes\.$/);
    const nothing = 'Nothing to do: the organisation is as the files say.';
    expect((await cli.run(['plan', '-f', file])).printed).toBe(nothing);
    const text = await policyNow();
    expect(text).toContain('    limits:\n      monthly: 100');
    expect((await cli.run(['plan', '-f', cli.file('all.yaml', [text])])).printed).toBe(nothing);
  });

  it('are taken away by a word, or with their group; others stay', async () => {
    const file = cli.file('fewer.yaml', [
      'remit: policy/v1',
      'organisation: {limits: {each_member: {daily: none}}}',
      'groups: {Night desk: {absent: true}}',
      'members: {ada@example.com: {limits: {monthly: none}}}',
    ]);
    expect((await cli.run(['apply', '--yes', '-f', file])).printed).toMatch(/Applied: 3 changes\.$/);
    const { data } = await remit.call(spend.listSpendLimits);
    expect(data.map(({ scope, period }) => `${scope.type} ${period}`)).toEqual([
      'organization monthly',
      'seat_tier weekly',
      'organization_total monthly',
      'rbac_group_pool monthly',
    ]);
    for (const { id } of data) await remit.call(spend.deleteSpendLimit, { params: { spend_limit_id: id } });
  });
});

describe('limits by the command line', () => {
  it('are set, listed, shown as they hold, and removed', async () => {
    expect((await cli.run(['limits', 'set', '12.50', '--group', 'Editorial', '--mode', 'strict'])).printed).toMatch(
      /^The monthly limit of each member of Editorial is \$12\.50, strict, from the next request on \((spl_\w+)\)\.$/,
    );
    await cli.run(['limits', 'set', 'unlimited', '--member', 'ada@example.com', '--period', 'daily']);
    const { printed } = await cli.run(['limits', 'list']);
    expect(printed.split('\n')).toHaveLength(3);
    expect((await cli.run(['limits', 'effective', '--member', 'ada@example.com'])).printed).toMatch(
      /ada@example\.com +daily +\$0\.00 +unlimited +ada@example\.com/,
    );
    for (const [id] of printed.matchAll(/spl_\w+/g)) await cli.run(['limits', 'remove', id]);
    expect((await cli.run(['limits', 'list'])).printed).toBe('No limits.');
  });

  it('answer what members ask for', async () => {
    await cli.run(['limits', 'set', '5', '--each-member']);
    const { key } = await remit.newMember();
    const ask = createClient({ baseUrl: remit.url, headers: { 'x-api-key': key } });
    const [request] = (await ask(spend.askForIncrease, { body: {} })).requests;
    expect((await cli.run(['limits', 'requests', '--status', 'pending'])).printed).toContain('$5.00');
    expect((await cli.run(['limits', 'approve', request?.id ?? '', '20', '--quiet'])).printed).toMatch(
      /may spend \$20\.00 monthly now\.$/,
    );
    expect((await cli.run(['limits', 'deny', request?.id ?? ''])).exitCode).toBe(1);
    for (const { id } of (await remit.call(spend.listSpendLimits)).data)
      await remit.call(spend.deleteSpendLimit, { params: { spend_limit_id: id } });
  });
});

describe('when not everything works', () => {
  const CROWD = Array.from({ length: 101 }, (_, at) => `  Team ${String(at).padStart(3, '0')}: {}`);

  it('it stops at the first step that fails and says what was and what was not done', async () => {
    const file = cli.file('crowd.yaml', ['remit: policy/v1', 'groups:', ...CROWD]);
    const { exitCode, printed, complained } = await cli.run(['apply', '--yes', '-f', file]);
    expect(exitCode).toBe(1);
    expect(printed).toContain('done  + create the group “Team 098”');
    expect(printed).not.toContain('done  + create the group “Team 099”');
    expect(complained).toBe(
      [
        'This step failed: An organisation can have 100 groups; delete one first.',
        '  + create the group “Team 099”',
        'Not tried:',
        '  + create the group “Team 100”',
        'What is done stays done. Run the command again: it does the rest.',
      ].join('\n'),
    );
  });

  it('the same file does the rest once it can', async () => {
    const gone = cli.file('gone.yaml', [
      'remit: policy/v1',
      'groups:',
      ...CROWD.map((line) => line.replace('{}', '{absent: true}')),
    ]);
    expect((await cli.run(['apply', '--yes', '-f', gone])).exitCode).toBe(0);
    expect((await remit.call(directory.listGroups, { query: { limit: 1000 } })).data.map(({ name }) => name)).toEqual([
      'Editorial',
    ]);
  });

  it('two at once leave what one of them would have, after one more run', async () => {
    const file = cli.file('both.yaml', [
      'remit: policy/v1',
      'organisation: {models: {claude-opus-5-5: medium, claude-fable-5-2: low}}',
      'roles: {Pair: {models: {"*": off}}}',
      'groups: {Pair: {roles: [Pair], members: [ada@example.com, grace@example.com]}}',
    ]);
    const runs = await Promise.all([1, 2].map(() => cli.run(['apply', '--yes', '-f', file])));
    for (const { exitCode, complained } of runs)
      if (exitCode !== 0) expect(complained).toContain('Run the command again: it does the rest.');
    expect((await cli.run(['apply', '--yes', '-f', file])).exitCode).toBe(0);
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', file])).exitCode).toBe(0);
  });

  it('a plan that is overtaken by somebody else’s edit of models does not overwrite it', async () => {
    const file = cli.file('late.yaml', ['remit: policy/v1', 'organisation: {models: {claude-opus-5-5: low}}']);
    const { exitCode, complained } = await cli.run(['apply', '-f', file], async () => {
      const params = { model: 'claude-opus-5-5' };
      await remit.call(access.setModelAccess, { params, body: { max_effort: 'xhigh' } });
      return 'yes';
    });
    expect(exitCode).toBe(1);
    expect(complained).toContain('Somebody else changed the rules about models since this plan was made.');
    expect(await policyNow()).toContain('claude-opus-5-5: xhigh');
  });
});
