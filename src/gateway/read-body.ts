import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { Refusal } from '../kernel/index.ts';
import { giveBack } from './give-back.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
} as const;

const isDecodable = (encoding: string): encoding is keyof typeof DECODERS => Object.hasOwn(DECODERS, encoding);

/** The refusal for a body beyond the limit. */
export const tooLarge = (bytesMax: number): Refusal =>
  new Refusal('too_large', `The request is larger than the ${Math.floor(bytesMax / 1024 / 1024)} MB allowed here.`);

/** The client went away before its request was whole: nobody is left to answer. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
}

/** What the headers say of the body that follows. */
export type DeclaredBody = { readonly contentLength: number; readonly contentEncoding: string };

/** The whole body, at most `bytesMax` long, compressed bodies unpacked. Throws a Refusal otherwise. */
export const collectBody = (
  request: IncomingMessage,
  { contentLength, contentEncoding }: DeclaredBody,
  bytesMax: number,
): Promise<Buffer> => {
  const raw = collect(request, contentLength, bytesMax);
  return contentEncoding === 'identity' ? raw : unpackBody(raw, contentEncoding, bytesMax);
};

/** A body as it was before it was packed, at most `bytesMax` long. */
export const unpackBody = async (
  raw: Buffer | Promise<Buffer>,
  encoding: string,
  bytesMax: number,
): Promise<Buffer> => {
  const packed = await raw;
  if (isDecodable(encoding)) return decode(packed, encoding, bytesMax);
  throw new Refusal('invalid_request', `Bodies encoded as ${encoding} are not understood; use gzip, br or zstd.`, {
    details: { error_code: 'request_body_encoding_unsupported' },
  });
};

const decode = async (raw: Buffer, encoding: keyof typeof DECODERS, bytesMax: number): Promise<Buffer> => {
  try {
    return await DECODERS[encoding](raw, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax);
    throw new Refusal('invalid_request', `The body is not valid ${encoding}.`, {
      details: { error_code: 'request_body_encoding_invalid' },
    });
  }
};

/** One buffer of what has come in pieces, which are used up. */
export const joinPieces = (chunks: readonly Buffer[], bytes: number): Buffer => {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = Buffer.concat(chunks, bytes);
  chunks.forEach(giveBack);
  return whole;
};

const collect = (request: IncomingMessage, declaredBytes: number, bytesMax: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (declaredBytes > bytesMax) return reject(tooLarge(bytesMax));
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(tooLarge(bytesMax));
      }
    });
    request.on('end', () => resolve(joinPieces(chunks, bytes)));
    request.on('error', () => reject(new ClientLeft()));
    request.on('close', () => {
      if (!request.complete) reject(new ClientLeft());
    });
  });
