import { driveClosed, driveOpen, probe } from './drive.ts';
import { createHold } from './hold.ts';
import type { LoaderCommand, LoaderReply } from './protocol.ts';
import { serveCommands } from './serve-commands.ts';

const hold = createHold();

serveCommands(async (command: LoaderCommand): Promise<LoaderReply> => {
  switch (command.kind) {
    case 'probe':
      return { kind: 'probe', probe: await probe(command) };
    case 'closed':
      return { kind: 'traffic', traffic: await driveClosed(command) };
    case 'open':
      return { kind: 'traffic', traffic: await driveOpen(command) };
    case 'hold':
      return { kind: 'held', ...(await hold.open(command)) };
    case 'drain':
      return { kind: 'held', ...(await hold.drain(command.secondsMax)) };
  }
});
