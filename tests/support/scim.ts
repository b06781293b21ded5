import type { Agent } from 'node:http';
import * as directory from '../../src/directory/contract.ts';
import { send } from './http.ts';
import type { Organisation } from './organisation.ts';

/** JSON of an answer; tests look into it freely. */
// biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it then asserts.
export type Json = any;

/** An answer of the service, with its body parsed. */
export type ScimAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Json;
};

/** What an identity provider that was given a directory's token can send. */
export type ScimClient = {
  /** The directory's id. */
  readonly id: string;
  readonly token: string;
  /** Sends `GET /Users?…`, with a body as it is or as JSON. */
  send(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ScimAnswer>;
  /** Creates a person with these attributes beside their user name; answers the resource. */
  addUser(userName: string, more?: object): Promise<Json>;
  /** Creates a group of these people; answers the resource. */
  addGroup(displayName: string, memberIds?: readonly string[]): Promise<Json>;
};

type Settings = {
  readonly name?: string;
  readonly mode?: 'live' | 'preview';
  readonly domains?: readonly string[];
  readonly share?: number;
  /** Connections that are kept, as identity providers keep them; without it each request has one of its own. */
  readonly agent?: Agent;
};

let made = 0;

/** What an identity provider with this token sends to a Remit at `url`. */
export const scimClientAt = (
  url: string,
  { id, token, agent }: { readonly id: string; readonly token: string; readonly agent?: Agent | undefined },
): ScimClient => {
  const sendTo: ScimClient['send'] = async (line, body, headers = {}) => {
    const [method = 'GET', path = ''] = line.split(/ (.*)/s);
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await send({
      url,
      path: `/scim/v2${path}`,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json',
        ...(text === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
      ...(agent === undefined ? {} : { agent }),
    });
    return {
      status: answer.status,
      headers: answer.headers,
      body: answer.text === '' ? undefined : JSON.parse(answer.text),
    };
  };
  const create = async (line: string, body: object): Promise<Json> => {
    const answer = await sendTo(line, body);
    if (answer.status !== 201) throw new Error(`${line}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    id,
    token,
    send: sendTo,
    addUser: (userName, more = {}) =>
      create('POST /Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...more }),
    addGroup: (displayName, memberIds = []) =>
      create('POST /Groups', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName,
        members: memberIds.map((value) => ({ value })),
      }),
  };
};

/** A new directory, and what an identity provider with its token sends. The guard is off unless a share is given. */
export const newDirectory = async (
  { callNow, url }: Pick<Organisation, 'callNow' | 'url'>,
  { name, mode, domains = [], share = 100, agent }: Settings = {},
): Promise<ScimClient> => {
  made += 1;
  const created = await callNow(directory.createDirectory, {
    body: {
      name: name ?? `Directory ${made}`,
      kind: 'scim',
      mode: mode ?? 'live',
      authoritative_domains: [...domains],
      removal_share_percent: share,
    },
  });
  return scimClientAt(url, { ...created, agent });
};
