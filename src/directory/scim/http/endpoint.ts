import type { Stored } from '../rules/render-resource.ts';
import type { ResourceType } from '../rules/schema/resource-type.ts';
import type { JsonObject } from '../rules/value.ts';
import type { Condition } from '../store/compare-sql.ts';
import type { PageOf } from '../store/page-of.ts';
import type { Work } from '../sync/context.ts';
import type { ChangeDirectory, Exchange } from './exchange.ts';

/** What one type of resource does when it is asked to; all that the service needs to know of it. */
export type ResourceEndpoint<Found extends Stored = Stored> = {
  readonly type: ResourceType;
  count(exchange: Exchange, condition: Condition | undefined): Promise<number>;
  page(exchange: Exchange, page: PageOf): Promise<readonly Found[]>;
  /** Undefined when the directory has no such resource. */
  find(work: Pick<Work, 'sql' | 'directory'>, id: string): Promise<Found | undefined>;
  render(exchange: Exchange, found: readonly Found[]): Promise<readonly JsonObject[]>;
  create(change: ChangeDirectory, exchange: Exchange, body: JsonObject): Promise<Found | undefined>;
  replace(work: Work, before: Found, body: JsonObject): Promise<Found | undefined>;
  patch(work: Work, before: Found, body: JsonObject): Promise<Found | undefined>;
  remove(work: Work, before: Found): Promise<void>;
  /** Whether a changed resource is too large to send it back without having been asked for. */
  isLarge(exchange: Exchange, id: string): Promise<boolean>;
};
