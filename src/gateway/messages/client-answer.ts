import type { Refusal } from '../../kernel/index.ts';
import { renderError } from '../../platform/index.ts';
import type { ClientExchange } from '../front/client-exchange.ts';

/** The first value of a header (its name in small letters), null when it is absent. */
export const headerText = (headers: readonly string[] | undefined, name: string): string | null => {
  if (headers === undefined) return null;
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return headers[i + 1] ?? null;
  return null;
};

/** Whether an answer is a stream of server-sent events. */
export const isEventStream = (headers: readonly string[] | undefined): boolean =>
  headerText(headers, 'content-type')?.startsWith('text/event-stream') === true;

/**
 * Ends an answer that has begun and cannot be finished: a readable stream gets an `error` event, as the API itself
 * sends one mid-stream; anything else is cut, so that half an answer does not look whole.
 */
export const breakOff = (
  exchange: ClientExchange,
  headers: readonly string[] | undefined,
  {
    refusal,
    requestId,
    isMidLine,
  }: { readonly refusal: Refusal; readonly requestId: string; readonly isMidLine: boolean },
): void => {
  if (exchange.isOver) return;
  const isReadable = isEventStream(headers) && headerText(headers, 'content-encoding') === null;
  if (!isReadable) {
    exchange.cut();
    return;
  }
  const { body } = renderError(refusal, requestId);
  // Half an event becomes part of this one, whose name then holds: readers report an error, not a piece of JSON.
  exchange.end(Buffer.from(`${isMidLine ? '\n' : ''}event: error\ndata: ${JSON.stringify(body)}\n\n`));
};
