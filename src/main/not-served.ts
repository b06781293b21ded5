/** A part of the Admin API that is not served, and when it will be; `coming` null: Remit does not plan it. */
export type NotServed = { readonly topic: string; readonly coming: string | null };

type Topic = readonly [paths: RegExp, topic: string, coming: string | null];

const CLAUDE_CODE = 'part 4, Claude Code governed';
const ANALYTICS = 'part 5, analytics';
const COMPLIANCE = 'part 6, compliance';

/** What the Admin API has and Remit does not, by its paths below `/v1/organizations/`. */
const TOPICS: readonly Topic[] = [
  [/^claude_code\//, 'Managed settings of Claude Code', CLAUDE_CODE],
  [/^(analytics|usage_report|cost_report)/, 'Analytics and reports', ANALYTICS],
  [/^telemetry_destinations/, 'Telemetry destinations', ANALYTICS],
  [/^compliance_settings/, 'Compliance settings', COMPLIANCE],
  [/^webhooks/, 'Webhooks', COMPLIANCE],
  [/^(workspaces\/[^/]+\/)?service_accounts/, "Service accounts (a group's service key does their work)", null],
  [/^federation_/, 'Workload identity federation', null],
  [/^external_keys/, 'Customer-managed encryption keys', null],
  [/^plugin/, 'Plugins', null],
  [/^claude_tag\//, 'Claude in Slack', null],
];

/** Which part of the Admin API a path belongs to that is not served; undefined for any other path. */
export const notServed = (path: string): NotServed | undefined => {
  const [, rest] = /^\/v1\/organizations\/(.+)$/.exec(path) ?? [];
  const found = rest === undefined ? undefined : TOPICS.find(([paths]) => paths.test(rest));
  return found && { topic: found[1], coming: found[2] };
};

/** What a client is told that asks for a part of the Admin API that is not served. */
export const explainMissing = (method: string, path: string): string | undefined => {
  const missing = notServed(path);
  if (missing === undefined) return undefined;
  const when = missing.coming === null ? 'not served by Remit' : 'not served by this version of Remit yet';
  return `${missing.topic}: ${when} (${method} ${path}). The reference of the Admin API lists what is served.`;
};
