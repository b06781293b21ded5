// The door for contracts and for programs that run elsewhere (the console in the browser, the command line): nothing
// behind it needs Node.
export { ApiError, type Call, type CallInput, createClient } from './http/client.ts';
export {
  type AnyEndpoint,
  type BodyOf,
  type Endpoint,
  endpoint,
  type Params,
  type QueryOf,
  type ReplyOf,
} from './http/endpoint.ts';
export { listOf, pageLimit } from './http/query.ts';
