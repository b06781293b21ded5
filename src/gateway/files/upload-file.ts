import { judgeCapability } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { denialOf } from '../messages/denial.ts';
import {
  headersForReading,
  objectIn,
  readWhole,
  sendAnswer,
  type WholeAnswer,
  type WireObject,
} from '../objects/answer-client.ts';
import type { Exchange, Operation } from '../objects/exchange.ts';
import { recordRefusedExchange } from '../objects/record-refused-exchange.ts';
import { objectStore } from '../objects/store.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { limitedBody } from './limited-body.ts';

const timeOf = (text: unknown): number | null => {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
};

/**
 * `POST /v1/files`: the body streams through to the first provider, where requests go as a rule; what has been streamed
 * cannot be sent to another one. Once the whole body has arrived, the upload runs to its end even when the client goes
 * away, so that a file which exists at the provider is known here.
 */
export const createUploadFile = (deps: GatewayDeps): Operation => {
  const send = async (exchange: Exchange, upstream: Upstream): Promise<WholeAnswer> => {
    const { request, signal } = exchange;
    const body = limitedBody(request, deps.fileBytesMax, signal);
    const broken = new Promise<never>((_, reject) => body.once('error', reject));
    const length = request.headers['content-length'];
    const headers = [...headersForReading(exchange), ...(length === undefined ? [] : ['content-length', length])];
    const answered = deps
      .ask(upstream, { method: 'POST', path: request.url ?? '/', headers, body })
      .then((answer) => readWhole(answer));
    // A broken body breaks the answer as well, and nobody waits for whichever is second.
    answered.catch(() => undefined);
    return Promise.race([broken, answered]);
  };

  const register = ({ belongings, caller }: Exchange, { upstream, body }: WholeAnswer, file: WireObject) =>
    objectStore(deps.database).add({
      id: file.id,
      kind: belongings.kind,
      upstream: upstream.name,
      user_id: caller.userId,
      group_id: caller.groupId,
      api_key_id: caller.credential.id,
      creation_id: null,
      created_at: deps.now(),
      expires_at: timeOf(file.expires_at),
      deleted_at: null,
      object: body.toString('utf8'),
    });

  return async (exchange) => {
    const finding = judgeCapability(exchange.caller.entitlements, 'file_upload');
    if (finding.effect === 'deny') {
      await recordRefusedExchange(deps, { ...exchange, kind: 'file' }, finding);
      throw denialOf(finding);
    }
    const [upstream] = deps.upstreams;
    if (upstream === undefined) throw new Refusal('upstream_unreachable', 'No provider is configured.');
    const answer = await send(exchange, upstream);
    const file = answer.status < 300 ? objectIn(answer) : undefined;
    if (file !== undefined) await register(exchange, answer, file);
    sendAnswer(exchange, answer);
  };
};
