import { refuseAddress } from '../directory/index.ts';
import { Refusal } from '../kernel/index.ts';
import type { GatewayDeps } from './deps.ts';
import type { ClientExchange } from './front/client-exchange.ts';
import { createServeMessages } from './messages/serve-messages.ts';
import { refuseClient } from './refuse.ts';

/** Answers a request to one of the Messages paths, whoever read it. */
export type ServeClient = (exchange: ClientExchange) => void;

/** What a client hears while this node is going down. */
export const drainingRefusal = (): Refusal =>
  new Refusal('shutting_down', 'Remit is restarting. Try again in a moment.');

/** Goes along with {@link drainingRefusal}. */
export const DRAINING_HEADERS: readonly string[] = ['retry-after', '1', 'connection', 'close'];

const COUNT_TOKENS = '/v1/messages/count_tokens';

/** Serves `POST /v1/messages` and `POST /v1/messages/count_tokens`. */
export const createServeClient = (deps: GatewayDeps, isDraining: () => boolean): ServeClient => {
  const serveMessages = createServeMessages(deps, 'messages');
  const serveCountTokens = createServeMessages(deps, 'count_tokens');

  const turnAway = (exchange: ClientExchange, thrown: unknown, headers: readonly string[] = []): void =>
    void refuseClient({ exchange, requestId: deps.newId('request'), log: deps.log }, thrown, headers);

  const addressRefusal = (exchange: ClientExchange): unknown => {
    const { allowList } = deps.policy.current();
    if (!allowList.covers.has('gateway')) return undefined;
    try {
      return refuseAddress(allowList, 'gateway', deps.addressOf(exchange));
    } catch (refused) {
      return refused;
    }
  };

  return (exchange) => {
    const refused = addressRefusal(exchange);
    if (refused !== undefined) turnAway(exchange, refused);
    else if (isDraining()) turnAway(exchange, drainingRefusal(), DRAINING_HEADERS);
    else
      (exchange.url.startsWith(COUNT_TOKENS) ? serveCountTokens : serveMessages)(exchange).catch((thrown: unknown) => {
        // Not even an error could be answered.
        deps.log.error({ err: thrown }, 'a request was cut because of a mistake that nobody planned');
        exchange.cut();
      });
  };
};
