/** A reply of text that is made in pieces, each only when the client has taken the one before. */
export const sendText = (pieces: AsyncIterable<string>, mediaType: string, headers: Headers): Response => {
  headers.set('content-type', `${mediaType}; charset=utf-8`);
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  return new Response(body, { headers });
};
