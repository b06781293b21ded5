import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { Refusal } from '../../kernel/index.ts';
import { ClientLeft } from '../read-body.ts';

/** The refusal of an upload beyond the limit. */
const tooLarge = (bytesMax: number): Refusal =>
  new Refusal('too_large', `The file is larger than the ${Math.floor(bytesMax / 1024 / 1024)} MB allowed here.`);

/**
 * The body of a request as a stream of its own that breaks with a Refusal beyond `bytesMax`, with ClientLeft when the
 * client goes away before its end, and with the signal's reason when that aborts before its end. What happens to this
 * stream does not touch the connection, which still has to carry the answer. Throws when the request announces too much.
 */
export const limitedBody = (request: IncomingMessage, bytesMax: number, signal: AbortSignal): Transform => {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  let bytes = 0;
  const body = new Transform({
    transform: (chunk: Buffer, _, done) => {
      bytes += chunk.length;
      if (bytes > bytesMax) done(tooLarge(bytesMax));
      else done(null, chunk);
    },
  });
  const breakOff = (reason: Error) => {
    if (!request.complete) body.destroy(reason);
  };
  request.on('close', () => breakOff(new ClientLeft()));
  signal.addEventListener('abort', () => breakOff(signal.reason), { once: true });
  request.pipe(body);
  return body;
};
