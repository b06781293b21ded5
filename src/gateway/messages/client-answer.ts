import type { Refusal } from '../../kernel/index.ts';
import { renderError } from '../../platform/index.ts';
import type { ClientExchange } from '../front/client-exchange.ts';
import { isEventStreamType } from '../meter/answer-meter.ts';
import type { AnswerHeader } from '../upstream/answer-head.ts';

/** The first value of a header (its name in small letters), null when it is absent. */
export const headerText = (headers: readonly AnswerHeader[] | undefined, name: string): string | null =>
  headers?.find((header) => header.name === name)?.value ?? null;

/** Whether an answer is a stream of server-sent events. */
export const isEventStream = (headers: readonly AnswerHeader[] | undefined): boolean =>
  isEventStreamType(headerText(headers, 'content-type') ?? '');

/**
 * Ends an answer that has begun and cannot be finished: a readable stream gets an `error` event, as the API itself
 * sends one mid-stream; anything else is cut, so that half an answer does not look whole.
 */
export const breakOff = (
  exchange: ClientExchange,
  headers: readonly AnswerHeader[] | undefined,
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
