/**
 * Loaded into Portkey's process before its own code. On Node, version 1.15.2 answers every streamed message with a 500
 * ("TypeError: immutable"): it appends to the headers of what `fetch` returned, which the Fetch standard forbids. With a
 * copy of these headers it streams, and can be compared. Answers that are not streams are left alone.
 */
const fetchOfNode = globalThis.fetch;

globalThis.fetch = async (...wish) => {
  const response = await fetchOfNode(...wish);
  if (response.headers.get('content-type')?.startsWith('text/event-stream'))
    Object.defineProperty(response, 'headers', { value: new Headers(response.headers) });
  return response;
};
