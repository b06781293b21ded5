import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandLine, commandLineAt } from '../support/cli.ts';
import { directory, type Remit, spend, startRemit } from '../support/remit.ts';

// Limits, rates and what is prepaid by the command line, in front of a real Remit. The tests build on each other.

let remit: Remit;
let cli: CommandLine;

const run = async (line: string) => {
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  return cli.run(args);
};
/** What a command prints that works. */
const say = async (line: string): Promise<string> => {
  const { exitCode, printed, complained } = await run(line);
  expect(complained).toBe('');
  expect(exitCode).toBe(0);
  return printed;
};
/** What a command complains of that does not, and its exit code. */
const refuse = async (line: string): Promise<string> => {
  const { exitCode, printed, complained } = await run(line);
  expect(printed).toBe('');
  return `${exitCode}: ${complained}`;
};
const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/\s{2,}/g, '  ').trim());

beforeAll(async () => {
  remit = await startRemit();
  cli = commandLineAt(remit.url);
  await remit.callNow(directory.addUser, { body: { email: 'ada@example.com', role: 'user' } });
  const { id } = await remit.callNow(directory.createGroup, { body: { name: 'Builders' } });
  await remit.callNow(directory.createApiKey, { body: { name: 'nightly', rbac_group_id: id } });
  await remit.callNow(directory.createWorkspace, { body: { name: 'Research' } });
});
afterAll(() => remit.stop());

describe('remit limits', () => {
  it('sets limits of every kind, with mode, steps and switch, by names', async () => {
    expect(
      await say(
        'limits set 12.50 --group Builders --mode strict --step 80:notify --step 95:restrict_models:haiku,sonnet',
      ),
    ).toMatch(
      /^The monthly limit of each member of Builders is \$12\.50, strict, with steps 80:notify 95:restrict_models:haiku,sonnet, from the next request on \(spl_\w+\)\.$/,
    );
    for (const line of [
      'set 5 --workspace research --off',
      'set unlimited --member ada@example.com --period daily',
      'set 3 --api-key nightly --period weekly',
      'set 7 --each-session',
      'set 8 --seat-tier premium',
      'set 9 --pool Builders',
      'set 900 --organisation',
    ])
      await say(`limits ${line}`);
    const listed = lines(await say('limits list')).map((line) => line.replace(/ spl_\w+$/, ' #'));
    expect(listed).toEqual([
      'OF  PERIOD  LIMIT  MODE  STEPS  ID',
      'seat premium  monthly  $8.00  standard  -  #',
      'each member of Builders  monthly  $12.50  strict  80:notify 95:restrict_models:haiku,sonnet  #',
      'ada@example.com  daily  unlimited  standard  -  #',
      'workspace Research  monthly  $5.00  standard, off  -  #',
      'the whole organisation  monthly  $900.00  standard  -  #',
      'Builders together  monthly  $9.00  standard  -  #',
      'key nightly  weekly  $3.00  standard  -  #',
      'each session  -  $7.00  standard  -  #',
    ]);
    expect(lines(await say('limits list --for user'))).toHaveLength(2);
  });

  it('keeps what is left out, takes steps away, and switches on and off', async () => {
    expect(await say('limits set 20 --group Builders --step none')).toMatch(/is \$20\.00, strict, from/);
    const id = /spl_\w+/.exec(await say('limits list --for rbac_group'))?.[0] ?? '';
    expect(await say(`limits off ${id}`)).toMatch(/is \$20\.00, strict, and switched off/);
    expect(await say(`limits on ${id}`)).toMatch(/is \$20\.00, strict, from the next request on/);
    expect(await say(`limits remove ${id}`)).toBe(`The limit ${id} is gone.`);
  });

  it('says what is wrong with a limit before it is set', async () => {
    expect(await refuse('limits set 7 --pool Builders --step 120:stop')).toMatch(
      /^2: “120:stop” is no step\. A step is/,
    );
    expect(await refuse('limits set lots --organisation')).toMatch(/^2: “lots” is no number of dollars/);
    expect(await refuse('limits set 7 --pool Nobody')).toBe('1: There is no group with the id or name Nobody.');
    expect(await refuse('limits set 7 --api-key hourly')).toBe('1: There is no key with the id or name hourly.');
    expect(await refuse('limits set 7 --workspace Lab')).toBe('1: There is no workspace with the id or name Lab.');
    expect(await refuse('limits set 7 --organisation --on --off')).toBe('2: Give --on or --off, not both.');
  });

  it('shows and changes how limits work, and what seats include', async () => {
    expect(
      await say(
        'limits settings --several-groups higher --thresholds 90,50 --outage open --grace 30 --ask-sentence "Ask Ada." --requests off',
      ),
    ).toBe(
      [
        "Of several groups' limits a member has the higher one.",
        'Members may not ask for more.',
        'People are told at 50, 90 % of a limit.',
        'While the store cannot be reached, requests pass for 30 seconds at most.',
        'Who needs more is sent to: Ask Ada.',
      ].join('\n'),
    );
    expect(await say('limits settings --ask-url https://help.example --outage closed')).toMatch(
      /are refused\.\nWho needs more is sent to: https:\/\/help\.example, Ask Ada\.$/,
    );
    expect(await refuse('limits settings --thresholds 500')).toMatch(/^2: .*percentages from 1 to 100/);
    expect(lines(await say('limits included premium 20 --period weekly'))[1]).toBe('premium  $20.00  weekly  0');
    expect(await say('limits included premium none')).toBe('No seat includes anything.');
  });
});

describe('remit limits import', () => {
  const exported = async (): Promise<readonly string[]> => (await say('limits list --csv')).split('\r\n');

  it('has nothing to do with what was just exported, whatever limits there are', async () => {
    await say('limits set 4 --seat-tier "a; \u00fc,b" --step 80:notify --step 90:restrict_models:haiku,opus --off');
    const rows = await exported();
    expect(rows.length).toBeGreaterThan(7);
    const file = cli.file('same.csv', rows);
    expect(await say(`limits import ${file} --dry-run`)).toMatch(/^Nothing to do/);
  });

  it('shows the difference, asks, changes the lines that differ, and leaves all others alone', async () => {
    const before = await exported();
    const head = 'scope_type;email;name;period;limit_usd;enabled';
    const lines = [
      'user;ADA@example.com;;daily;2.5;yes',
      'workspace;;Research;monthly;none;',
      'organization;;;weekly;30;',
    ];
    const file = cli.file('changes.csv', [head, ...lines]);
    const plan = await say(`limits import ${file} --dry-run`);
    expect(plan).toBe(
      [
        '  ~ daily limit of ada@example.com: $2.50 (was unlimited)',
        '  - take away the monthly limit of the workspace “Research” ($5.00)',
        '  + weekly limit of each member by default: $30.00',
        '',
        'Plan: 1 to add, 1 to change, 1 to take away.',
      ].join('\n'),
    );
    expect(await exported()).toEqual(before);
    expect((await cli.run(['limits', 'import', file], async () => 'no')).complained).toBe('Nothing was changed.');
    expect((await run(`limits import ${file}`)).exitCode).toBe(2);
    expect((await cli.run(['limits', 'import', file], async () => 'y')).printed).toMatch(/Applied: 3 changes\.$/);
    const kept = (rows: readonly string[]) => rows.filter((row) => !/^(?:user|workspace|organization),/.test(row));
    const after = await exported();
    expect(kept(after)).toEqual(kept(before));
    expect(after.some((row) => row.includes('ada@example.com,daily,2.5,standard,yes'))).toBe(true);
    expect(await say(`limits import ${file} --yes`)).toMatch(/^Nothing to do/);
  });

  it('changes nothing while a line is wrong, and names every such line', async () => {
    const before = await exported();
    const file = cli.file('wrong.csv', [
      'scope_type,email,name,period,limit_usd,steps',
      'organization_total,,,monthly,1,',
      'user,nobody@example.com,,daily,1,',
      'rbac_group,,Builders,daily,1,90:restrict_models:sonet',
    ]);
    expect(await refuse(`limits import ${file} --yes`)).toBe(
      [
        '1: wrong.csv:3: There is no member with the address “nobody@example.com”.',
        'wrong.csv:4: There is no family of models “sonet”. Did you mean “sonnet”?',
        'Nothing was changed.',
      ].join('\n'),
    );
    expect(await refuse(`limits import ${cli.file('empty.csv', ['scope_type'])}`)).toContain('no column limit_usd');
    expect(await refuse('limits import missing.csv')).toContain('missing.csv cannot be read');
    expect(await exported()).toEqual(before);
  });
});

describe('remit rates', () => {
  it('shows tiers, chooses one, and sets numbers of its own', async () => {
    expect(await say('rates')).toMatch(/^The organisation is in no rate tier/);
    expect(lines(await say('rates tiers'))).toContain('start  $500.00  1,000  -  -  200,000  message batches');
    expect(await say('rates tier start')).toBe(
      'The organisation is in the tier start, which caps its spend at $500.00 a month.',
    );
    expect(lines(await say('rates show'))).toContain('files  requests_per_minute  500  0  0 %  rlg_files');
    expect(await refuse('rates custom claude-opus-5 --requests 50')).toMatch(/^1: Only the tier custom/);
    await say('rates tier custom');
    expect(await say('rates custom claude-opus-5 --requests 50 --output 7')).toBe(
      'Claude Opus 5: 50 requests_per_minute, 10,000,000 input_tokens_per_minute_cache_aware, 7 output_tokens_per_minute.',
    );
    expect(await say('rates custom rlg_claude_opus_5 --output none')).toContain('2,000,000 output_tokens_per_minute');
    expect(await say('rates custom rlg_batch --enqueued 50')).toContain('50 enqueued_batch_requests');
    expect(await refuse('rates custom nonsense --requests 5')).toMatch(/^1: model: nonsense\./);
    expect(await refuse('rates custom rlg_files')).toMatch(/^2: Say what to limit: --requests,/);
  });

  it('sets, lists and clears lower limits by names', async () => {
    expect(await say('rates limit --group Builders --requests 5 --tokens-per-day 1000')).toBe(
      'each member of Builders, on All models: 5 requests_per_minute, 1,000 tokens_per_day, from the next request on.',
    );
    await say('rates limit --workspace Research --requests 5 --on claude-opus-5-5');
    await say('rates limit --member ada@example.com --requests 0 --on rlg_files');
    await say('rates limit --api-key nightly --input 200000');
    expect(lines(await say('rates list'))).toEqual([
      'OF  ON  LIMITER  LIMIT  ORGANISATION  ID',
      'workspace Research  Claude Opus 5.5  requests_per_minute  5  10,000  rlg_claude_opus_5_5',
      'each member of Builders  All models  requests_per_minute  5  10,000  rlg_all_models',
      'each member of Builders  All models  tokens_per_day  1,000  -  rlg_all_models',
      'ada@example.com  files  requests_per_minute  0  500  rlg_files',
      'key nightly  All models  input_tokens_per_minute_cache_aware  200,000  10,000,000  rlg_all_models',
    ]);
    expect(await say('rates limit --group Builders --requests none')).toContain('on All models: 1,000 tokens_per_day');
    expect(await say('rates clear --group Builders')).toBe(
      'each member of Builders has no limit of its own on All models.',
    );
    expect(await refuse('rates clear --group Builders')).toBe('1: There is no such limit.');
    expect(lines(await say('rates list'))).toHaveLength(4);
    expect(await refuse('rates limit --requests 5')).toMatch(/^2: Say whose limit it is/);
    expect(await refuse('rates limit --workspace Research --requests 5')).toMatch(/^2: .*say which with --on/);
  });
});

describe('remit prepaid', () => {
  it('records credit, sets the balance right, and says when it counts and when more is bought', async () => {
    expect(await say('prepaid buy 500 --note "Invoice 1"')).toMatch(
      /^\$500\.00 are added to the balance \(sord_\w+\)\./,
    );
    expect(await say('prepaid adjust -12.50')).toMatch(/set right by -\$12\.50 \(sord_\w+\)\. It is \$487\.50 now\.$/);
    expect(await refuse('prepaid buy -5')).toMatch(/^2: “-5” is no number of dollars/);
    expect(await say('prepaid set --on --mode strict')).toContain('Spend counts against it (strict)');
    expect(await refuse('prepaid set')).toBe('2: Say what to change: --on, --off or --mode.');
    expect(await refuse('prepaid auto-reload --on')).toMatch(/^1: Say how much to buy at a time/);
    expect(await say('prepaid auto-reload --on --below 50 --amount 200 --monthly-maximum 1000')).toContain(
      'Below $50.00, $200.00 are bought by themselves, at most $1,000.00 a month ($0.00 in this one).',
    );
    expect(await say('prepaid auto-reload --off')).toContain('Nothing is bought by itself.');
    expect(await remit.call(spend.getPrepaidBalance)).toMatchObject({
      auto_reload: { is_enabled: false, threshold: '5000', amount: '20000', monthly_maximum: '100000' },
    });
    expect(lines(await say('prepaid orders')).map((line) => line.split('  ')[2])).toEqual([
      'AMOUNT',
      '-$12.50',
      '$500.00',
    ]);
  });
});

it.each([
  ['limits list --csv', 'scope_type,scope_id,name'],
  ['limits effective --csv --period monthly', 'user_id,name,email'],
  ['limits requests --csv', 'id,created_at,user_id'],
  ['limits included --csv', 'seat_tier,included_usd'],
  ['rates show --csv', 'tier,rate_limit_id'],
  ['rates list --csv', 'scope_type,scope_id,scope_name'],
  ['prepaid orders --csv', 'id,created_at,kind'],
  ['prices --csv', 'date,book,model'],
  ['spend --csv --by member', 'id,name,email'],
])('remit %s writes the file of the API', async (line, head) => {
  expect((await say(line)).startsWith(`\uFEFF${head}`)).toBe(true);
});
