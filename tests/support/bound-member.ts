import { send } from './http.ts';
import { answerWell } from './messages.ts';
import { access, directory, startRemit } from './remit.ts';
import { openUpstreamServer } from './upstreams.ts';

/** What Claude Code and the official client call themselves. */
export const CLAUDE_CODE = { 'user-agent': 'claude-cli/2.1.330 (external, cli)' };
export const SDK = { 'user-agent': 'Anthropic/JS 1.12.0' };

/** The Opus that the bound member may use. */
export const OPUS = 'claude-opus-5-5';

/** A body with odd spacing, escapes and numbers that a parser would rewrite; `member` is put among its members. */
export const odd = (member: string, model: string = OPUS) =>
  `\n{ "messages" : [ {"role":"user","content":"Zo\\u00eb “x” \\/ \ud83d\ude00 1.0"} ],${member}\t"model": "${model}" ,"max_tokens":6.4e1, "x":[1E400,-0.0,{"model":"inner"}] } `;

type Asked = {
  readonly body: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
};

/**
 * A Remit with everything switched on and a Custom member: Opus 5.5 up to medium, Sonnet 5.5 uncapped, Sonnet 5 up to
 * low, Sonnet 4.5 up to medium, and Haiku. `ask` sends as that member and answers with what the client got, what was
 * recorded and the bodies the provider received.
 */
export const startWithBoundMember = async () => {
  const upstream = await openUpstreamServer(answerWell);
  const remit = await startRemit({ upstreamUrl: upstream.url });
  await remit.allowAll();
  const bound = await remit.newMember({ role: 'managed' });
  const role_id = await remit.newRole({
    [OPUS]: 'medium',
    'claude-sonnet-5-5': null,
    'claude-sonnet-5': 'low',
    'claude-sonnet-4-5-20250929': 'medium',
  });
  await remit.call(directory.attachUserRole, { params: { user_id: bound.id }, body: { role_id } });
  const ask = async ({ body, key = bound.key, headers = SDK, path = '/v1/messages' }: Asked) => {
    const before = upstream.received.length;
    const received = await send({ url: remit.url, path, key, headers, body });
    const recorded = await remit.decision(String(received.headers['request-id']));
    return { received, recorded, forwarded: upstream.received.slice(before).map((one) => one.body.toString()) };
  };
  return {
    remit,
    bound,
    ask,
    /** What the provider has received. */
    received: upstream.received,
    setAction: (effort_action: 'clamp' | 'refuse' | 'observe') =>
      remit.call(access.setModelSettings, { body: { effort_action } }),
    stop: async () => {
      await remit.stop();
      await upstream.close();
    },
  };
};
