import type { Command } from 'commander';

/** `remit serve` and `remit demo`: the two commands that start a server instead of talking to one. */
export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('start Remit (settings: remit.yaml and REMIT_… variables)')
    .action(async () => {
      // The only ways from here into `main`, loaded when needed, so that no other command waits for a whole server.
      await import('../../main/run.ts');
    });
  program
    .command('demo')
    .description('start Remit with a made-up organisation and simulated answers')
    .option('--quiet', 'without a trickle of new requests')
    .option('--days <number>', 'days of traffic to make', '30')
    .action(async ({ quiet, days }: { quiet?: true; days: string }) => {
      const { runDemo } = await import('../../main/demo/run-demo.ts');
      await runDemo({ days: Number(days), isQuiet: quiet === true });
    });
};
