import type { Doer } from '../../../kernel/index.ts';
import type { Log } from '../../../platform/index.ts';
import type { Conditions } from '../rules/precondition.ts';
import type { WantedAttributes } from '../rules/projection.ts';
import type { ScimType } from '../rules/scim-error.ts';
import type { JsonObject } from '../rules/value.ts';
import type { Directory } from '../store/directory-store.ts';
import type { ScimUser } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import type { GatherDeps } from '../sync/gather-writes.ts';

/** What the service stands on. */
export type ScimDeps = GatherDeps & {
  readonly log: Log;
  /** Where this installation is reached, without a slash at the end. */
  readonly publicUrl: () => string;
  /** Resolves when what has been changed is in force on this node. */
  readonly afterChange: () => Promise<void>;
};

/** One request of an identity provider, once it is known whose directory it is about. */
export type Exchange = {
  readonly deps: ScimDeps;
  readonly directory: Directory;
  readonly by: Doer;
  /** The address of the service, such as `https://remit.example/scim/v2`. */
  readonly base: string;
  readonly wanted: WantedAttributes;
  readonly conditions: Conditions;
  /** `Prefer: return=minimal`: no body where none is needed. */
  readonly isMinimal: boolean;
};

/** An answer; without a body it has none. */
export type Answer = {
  readonly status: number;
  readonly body?: JsonObject | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly scimType?: ScimType | undefined;
};

/** Changes a directory in turn with others, and answers once the change is in force here. */
export type ChangeDirectory = {
  /** Runs a change; it may run more than once, so side effects have no place in it. */
  run<R>(exchange: Exchange, run: (work: Work) => Promise<R>): Promise<R>;
  /** Creates a person. */
  addUser(exchange: Exchange, body: JsonObject): Promise<ScimUser | undefined>;
};
