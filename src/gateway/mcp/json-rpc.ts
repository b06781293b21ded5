import { Refusal } from '../../kernel/index.ts';
import type { ErrorEnvelope } from '../../platform/index.ts';

/** Codes of JSON-RPC errors that Remit itself answers with (JSON-RPC 2.0 §5.1; MCP 2026-07-28, error codes). */
export const RPC_CODES = {
  notJson: -32700,
  invalid: -32600,
  /** What SDKs answer for a session that is not there. */
  noSession: -32001,
  /** A header that speaks of the body says something else than the body. */
  headerMismatch: -32020,
  /** The policy does not permit it. */
  notPermitted: -32010,
  failed: -32000,
} as const;

const BY_ERROR_CODE: Readonly<Record<string, number>> = {
  mcp_message_invalid: RPC_CODES.invalid,
  mcp_message_not_json: RPC_CODES.notJson,
  mcp_session_not_found: RPC_CODES.noSession,
  mcp_header_mismatch: RPC_CODES.headerMismatch,
};

const codeOf = (thrown: unknown): number => {
  if (!(thrown instanceof Refusal)) return RPC_CODES.failed;
  const known = BY_ERROR_CODE[thrown.details?.error_code ?? ''];
  if (known !== undefined) return known;
  return thrown.code === 'permission_denied' ? RPC_CODES.notPermitted : RPC_CODES.failed;
};

/** A JSON-RPC error as a value; `id` is the request's own as JSON, null where none is answered in particular. */
export type RpcError = { readonly jsonrpc: '2.0'; readonly id: string | number | null; readonly error: object };

/** The error of an envelope in JSON-RPC's form: the same sentence, with the request id and the cause for machines. */
export const toRpcError = ({ error, request_id }: ErrorEnvelope, thrown: unknown, id: string | null): RpcError => ({
  jsonrpc: '2.0',
  id: id === null ? null : (JSON.parse(id) as string | number),
  error: {
    code: codeOf(thrown),
    message: error.message,
    data: { type: error.type, ...error.details, request_id },
  },
});
