import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandLine, commandLineAt } from '../support/cli.ts';
import { directory, type Remit, spend, startRemit } from '../support/remit.ts';

// Money and rates in policy files, by the command line in front of a real Remit. The tests build on each other.

let remit: Remit;
let cli: CommandLine;

const policyNow = async (): Promise<string> => (await cli.run(['export'])).printed;

beforeAll(async () => {
  remit = await startRemit();
  cli = commandLineAt(remit.url);
  await remit.callNow(directory.addUser, { body: { email: 'grace@example.com', role: 'user' } });
});
afterAll(() => remit.stop());

describe('the example of money and rates', () => {
  const EXAMPLE = fileURLToPath(new URL('../../docs/examples/money-and-rates.yaml', import.meta.url));

  it('is applied as it stands, and says what is not there before it is', async () => {
    const missing = await cli.run(['apply', '--yes', '-f', EXAMPLE]);
    expect(missing.exitCode).toBe(1);
    expect(missing.complained).toContain('There is no workspace with the name or id “Research”.');
    expect(missing.complained).toContain('There is no key with the name or id “nightly-build”.');
    expect((await remit.call(spend.getRateTier)).tier).toBe('unlimited');

    await remit.callNow(directory.createWorkspace, { body: { name: 'Research' } });
    const { id: rbac_group_id } = await remit.callNow(directory.createGroup, { body: { name: 'Builders' } });
    await remit.callNow(directory.createApiKey, { body: { name: 'nightly-build', rbac_group_id } });
    const { complained, printed } = await cli.run(['apply', '--yes', '-f', EXAMPLE]);
    expect(complained).toBe('');
    expect(printed).toContain('done  ~ rate tier of the organisation: custom (was unlimited)');
    expect(printed).toContain('done  + weekly limit of the workspace “Research”: $900.00, switched off');
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', EXAMPLE])).exitCode).toBe(0);
    const whole = cli.file('all-of-it.yaml', [await policyNow()]);
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', whole])).exitCode).toBe(0);
    expect(await remit.call(spend.getSpendSettings)).toMatchObject({
      thresholds: [50, 75, 90, 100],
      ask_for_more: { sentence: 'Ask the platform team.' },
    });
    expect(await remit.call(spend.getPrepaidBalance)).toMatchObject({
      is_enabled: true,
      auto_reload: { threshold: '50000', amount: '200000', monthly_maximum: '1000000' },
    });
  });

  it('names a key by its id once another is called the same', async () => {
    const { id: rbac_group_id } = await remit.callNow(directory.createGroup, { body: { name: 'Testers' } });
    await remit.callNow(directory.createApiKey, { body: { name: 'nightly-build', rbac_group_id } });
    const { complained } = await cli.run(['plan', '-f', EXAMPLE]);
    expect(complained).toContain('There are 2 keys of the name “nightly-build”. Write the id of the one that is meant');
    const text = await policyNow();
    expect(text).toMatch(/^keys:\n {2}apikey_\w+:\n {4}limits:/m);
    const whole = cli.file('all-of-it.yaml', [text]);
    expect((await cli.run(['plan', '--detailed-exitcode', '-f', whole])).exitCode).toBe(0);
  });
});
