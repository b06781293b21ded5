export { describeConfig, printableConfig } from './config/describe.ts';
export { ConfigError, type ConfigProblem, type LoadedConfig, loadConfig } from './config/load.ts';
export { type ConfigOf, type Section, type Setting, section } from './config/section.ts';
export {
  createRandomBytes,
  fingerprint,
  hashPassword,
  hashSecret,
  isHashOutdated,
  matchesPassword,
  newSecret,
} from './crypto.ts';
export { type CsvRows, csvFile, csvLine, nameFile } from './csv.ts';
export { atEndOfTurn, behindTurn, type Errand } from './end-of-turn.ts';
export {
  type ClientFacts,
  createRangeMatcher,
  createReadClient,
  parseAddress,
  parseRange,
  type ReadClient,
} from './http/client-facts.ts';
export { closeWhileWaiting } from './http/close-waiting-answers.ts';
export { cursorPage, type Position, readCursor } from './http/cursor.ts';
export { headerLines, splitHeaderLines } from './http/header-lines.ts';
export { describeEndpoints } from './http/openapi.ts';
export { createRateLimit } from './http/rate-limit.ts';
export { readText } from './http/read-text.ts';
export { type ErrorEnvelope, renderError } from './http/render-refusal.ts';
export { createRouter, type Handled, type Route, route } from './http/router.ts';
export { type Job, startJobs } from './jobs.ts';
export { createLog, LOG_LEVELS, type Log } from './log.ts';
export { type OutboundConfig, outboundConfig, outboundProblems } from './outbound/config.ts';
export { checkLiteral, ForbiddenAddress, guardedLookup } from './outbound/guard-address.ts';
export { createGuardedFetch } from './outbound/guarded-fetch.ts';
export { createPostWebhook, type PostWebhook } from './outbound/post-webhook.ts';
export { createMailer, type Mail, type Mailer, NO_MAIL_SERVER } from './outbound/send-mail.ts';
export { Undelivered } from './outbound/undelivered.ts';
export * from './outbox/index.ts';
export { createSecretBox, SECRET_KEY_CHARS_MIN, type SecretBox } from './secret-box.ts';
export * from './sql/index.ts';
