import { type RequestLogRow, shareKind } from '../../src/access/index.ts';
import type { UsageRow } from '../../src/spend/index.ts';
import { MODEL } from '../traffic/bodies.ts';

const FINDINGS = JSON.stringify([
  { rule: 'model', effect: 'allow', reason: 'model-permitted', because: { roles: ['Bench role 1', 'Bench role 2'] } },
  { rule: 'effort', effect: 'allow', reason: 'effort-within-cap', because: { wanted: 'medium', cap: 'max' } },
]);

/** What the benchmark's requests have in common, as Remit writes it down. */
export const KIND = shareKind({
  node: 'bench',
  endpoint: 'messages',
  group_id: null,
  api_key_id: 'apikey_01benchbenchbenchbenchbe',
  client: 'claude-cli/2.1.330 (external, cli)',
  stream: 0,
  effect: 'allow',
  reason: null,
  model_asked: MODEL,
  model_used: MODEL,
  model_id: MODEL,
  effort_asked: 'medium',
  effort_used: 'medium',
  effort_cap: 'max',
  findings: FINDINGS,
  wanted: JSON.stringify({ m: MODEL, e: 'medium' }),
  workspace_id: null,
});

/** A decision as Remit writes one down for the benchmark's requests. */
export const requestRow = (id: string): RequestLogRow => ({
  id,
  started_at: Date.now(),
  kind_id: KIND.id,
  user_id: 'user_01benchbenchbenchbenchbe',
  session_id: '6f1d2c3b-0000-4000-8000-00000000bead',
  agent_id: null,
  parent_agent_id: null,
  body_bytes: 1000,
  policy_version: 30,
});

/** What the benchmark's answers use, as a row. */
export const usageRow = (id: string): UsageRow => ({
  request_id: id,
  ended_at: Date.now(),
  upstream: 'provider',
  upstream_request_id: 'req_011benchbenchbenchbenchbe',
  status: 200,
  outcome: 'completed',
  stop_reason: 'end_turn',
  model_answered: MODEL,
  input_tokens: 412,
  output_tokens: 163,
  thinking_tokens: 0,
  cache_write_5m_tokens: 128,
  cache_write_1h_tokens: 0,
  cache_read_tokens: 2048,
  web_searches: 0,
  web_fetches: 0,
  speed: 'standard',
  geo: null,
  service_tier: 'standard',
  cost_micros: 12_345,
  estimated: 0,
  priced: 1,
  price_book: '2026-11-01',
  first_byte_ms: 1.25,
  settled_as: null,
  credits_micros: null,
  iterations: null,
  total_ms: 2.5,
});
