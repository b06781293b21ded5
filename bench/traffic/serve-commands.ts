import type { Envelope, Returned } from './protocol.ts';

/** Answers commands that arrive from the parent process, one reply per command; a thrown error travels back as its message. */
export const serveCommands = <Command, Reply>(handle: (command: Command) => Promise<Reply>): void => {
  const answer = async ({ id, body }: Envelope<Command>): Promise<Returned<Reply>> => {
    try {
      return { id, body: await handle(body) };
    } catch (error) {
      return { id, failure: error instanceof Error ? error.message : String(error) };
    }
  };
  process.on('message', (envelope: Envelope<Command>) => {
    void answer(envelope).then((returned) => process.send?.(returned));
  });
  // The parent is gone: nobody is left to end this process.
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent decides when its helpers end.
  process.on('SIGINT', () => undefined);
};
