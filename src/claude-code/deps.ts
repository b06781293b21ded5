import type { Policy } from '../access/index.ts';
import type { DirectoryDeps } from '../directory/index.ts';
import type { Log } from '../platform/index.ts';
import type { SpendPolicy } from '../spend/index.ts';
import type { SignInSettings } from './config.ts';

/** What the room's operations stand on. */
export type ClaudeCodeDeps = DirectoryDeps & {
  readonly policy: Policy;
  readonly spendPolicy: SpendPolicy;
  readonly settings: SignInSettings;
  /** Where people reach this installation, without a slash at its end. */
  readonly publicUrl: () => string;
  /** Resolves when what was changed is in force on this node. */
  readonly afterChange: () => Promise<void>;
  readonly log: Log;
};
