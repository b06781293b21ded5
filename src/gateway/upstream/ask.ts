import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Refusal } from '../../kernel/index.ts';
import type { Alerts } from './alerts.ts';
import { failureOf, type Outgoing, unpassableAnswer } from './forward.ts';
import type { Upstream } from './upstream.ts';

/** A request off the hot path. A streamed body goes to one provider only: what has been sent of it cannot be sent again. */
export type Question = Omit<Outgoing, 'body'> & { readonly body?: Buffer | Readable | undefined };

/** The beginning of a provider's answer; whoever gets it reads `body` to its end or destroys it. */
export type Answer = {
  readonly upstream: Upstream;
  readonly status: number;
  /** Names in small letters and values, alternating. */
  readonly headers: readonly string[];
  readonly body: Readable;
};

/**
 * Sends a request to a provider, without the hot path's haste. Resolves with an answer that may be passed on. Rejects with
 * a Refusal when there is none, and with the signal's reason once that aborts; `body` then breaks off in the same way.
 */
export type AskUpstream = (upstream: Upstream, question: Question, signal?: AbortSignal) => Promise<Answer>;

const TIMEOUTS: readonly string[] = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];
const NOT_CONNECTED: readonly string[] = [
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
];

const kindOf = (cause: Error) => {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (TIMEOUTS.includes(code)) return 'timeout';
  return NOT_CONNECTED.includes(code) ? 'unreachable' : 'broken';
};

const flat = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().flatMap((one) => [name, one]));

const withCredential = (headers: readonly string[], { credentialHeader }: Upstream): string[] =>
  credentialHeader === null ? [...headers] : [...headers, ...credentialHeader];

/** The way to ask one provider; a refused credential raises an alert. */
export const createAskUpstream =
  (alerts: Alerts): AskUpstream =>
  async (upstream, { method, path, headers, body }, signal) => {
    signal?.throwIfAborted();
    try {
      const {
        statusCode,
        headers: received,
        body: answer,
      } = await upstream.pool.request({
        method: method as Dispatcher.HttpMethod,
        path: upstream.basePath + path,
        headers: withCredential(headers, upstream),
        body: body ?? null,
        signal: signal ?? null,
      });
      const refusal = unpassableAnswer(upstream, statusCode, alerts);
      if (refusal === undefined) return { upstream, status: statusCode, headers: flat(received), body: answer };
      // Its content is of no use; an error while it is thrown away is none.
      answer.on('error', () => undefined).destroy();
      throw refusal;
    } catch (thrown) {
      signal?.throwIfAborted();
      throw thrown instanceof Error && !(thrown instanceof Refusal) ? brokenOff(thrown, upstream) : thrown;
    }
  };

/** The refusal for an answer that broke while its body was read. */
export const brokenOff = (cause: Error, upstream: Upstream): Refusal =>
  failureOf({ kind: kindOf(cause), cause }, upstream);

/** The name of one of the providers must be known; refuses when the configuration no longer has it. */
export const upstreamNamed = (upstreams: readonly Upstream[], name: string): Upstream => {
  const found = upstreams.find((upstream) => upstream.name === name);
  if (found !== undefined) return found;
  throw new Refusal(
    'upstream_unreachable',
    `The provider this is kept at (${name}) is no longer configured. Ask an administrator.`,
  );
};

/** Asks the providers in their order, as the hot path does: the next one when one cannot be reached or answers 5xx. */
export const askInOrder = async (
  ask: AskUpstream,
  upstreams: readonly Upstream[],
  question: Question & { readonly body: Buffer },
): Promise<Answer> => {
  for (const upstream of upstreams.slice(0, -1)) {
    const answer = await ask(upstream, question).catch((thrown: unknown) => {
      const isFailure = thrown instanceof Refusal && ['upstream_unreachable', 'upstream_timeout'].includes(thrown.code);
      if (!isFailure) throw thrown;
      return undefined;
    });
    if (answer !== undefined && answer.status < 500) return answer;
    answer?.body.on('error', () => undefined).destroy();
  }
  const last = upstreams.at(-1);
  if (last === undefined) throw new Refusal('upstream_unreachable', 'No provider is configured.');
  return ask(last, question);
};
