export { applyEdits, type Edit, editPieces } from './apply-edits.ts';
export { type ScannedAnswer, scanAnswer } from './scan-answer.ts';
export { type ScanProblem, scanBatch, scanRequest } from './scan-request.ts';
export type {
  BatchEntry,
  BroughtTools,
  EffortSite,
  FallbackModel,
  McpServer,
  McpToolset,
  ModelSite,
  ScannedRequest,
  Span,
  Thinking,
} from './scanned-request.ts';
