import type { z } from 'zod';
import type { AdminScope, Permission, RefusalCode } from '../../kernel/index.ts';

/** What an endpoint may write into the feed of activities; one that only reads says nothing. */
type Records =
  | { readonly method: 'GET'; readonly records?: readonly string[] }
  | { readonly method: 'POST' | 'DELETE'; readonly records: readonly string[] };

/** Names of the `:parameters` in a path. */
type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

export type Params<Path extends string> = { readonly [Name in ParamNames<Path>]: string };

/**
 * One endpoint, said once: the declaration is the validator, the permission check, the OpenAPI entry and the typed
 * client. Leaving out `permission` does not compile, nor does a change that does not say what it `records`: types of
 * activities, of which a call that changed something writes at least one. An empty list is for what changes nothing.
 */
export type Endpoint<
  Path extends string = string,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> = Records & {
  readonly path: Path;
  readonly permission: Permission;
  /** The scope with which a scoped admin key may call it; without one it may not. */
  readonly scope?: AdminScope;
  /** The beta a client has to name; for others there is no such endpoint (organisation APIs §0.1). */
  readonly beta?: string;
  /** Fields of the reply, or of each item of its `data`, that version 2026-10-21 of the API leaves out. */
  readonly dropped?: readonly string[];
  readonly summary: string;
  readonly query?: Query;
  readonly body?: Body;
  readonly reply: Reply;
  /** For what is not JSON: the handler answers the text in pieces, and `reply` describes nothing. */
  readonly produces?: 'text/csv';
  /** Codes this endpoint refuses with, beside those that every endpoint has. */
  readonly errors?: readonly RefusalCode[];
};

// biome-ignore lint/suspicious/noExplicitAny: a list of endpoints of any shape; each keeps its own types at its use.
export type AnyEndpoint = Endpoint<any, any, any, any>;

/** Declares an endpoint and keeps its exact types. */
export const endpoint = <
  const Path extends string,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Reply extends z.ZodType,
>(
  declaration: Endpoint<Path, Query, Body, Reply>,
): Endpoint<Path, Query, Body, Reply> => declaration;

export type PathOf<E extends AnyEndpoint> = E['path'];
export type QueryOf<E> = E extends Endpoint<string, infer Query, z.ZodType, z.ZodType> ? z.output<Query> : never;
export type BodyOf<E> = E extends Endpoint<string, z.ZodType, infer Body, z.ZodType> ? z.output<Body> : never;
export type ReplyOf<E> = E extends Endpoint<string, z.ZodType, z.ZodType, infer Reply> ? z.output<Reply> : never;
