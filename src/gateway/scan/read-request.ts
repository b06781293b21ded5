import { memberTable } from './member-table.ts';
import { type ContentDraft, readContent } from './read-content.ts';
import { readContextManagement } from './read-context-management.ts';
import { type FallbackDraft, readFallbacks } from './read-fallbacks.ts';
import { readMcpServers } from './read-mcp.ts';
import { readOutputConfig, readThinking } from './read-settings.ts';
import { readTools } from './read-tools.ts';
import { readCount, readFlag, readModel, readNull, readStringOrNull } from './read-value.ts';
import { Flaw, type Reader, wrongType } from './reader.ts';
import type { EffortSite, ModelSite, ScannedRequest } from './scanned-request.ts';
import { isObject, passValue, walkObject, walkObjects } from './walk.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

type RequestDraft = Writable<
  Omit<ScannedRequest, 'model' | keyof ContentDraft | keyof FallbackDraft | 'messageEfforts'>
> &
  ContentDraft &
  FallbackDraft & { model: ModelSite | null; readonly messageEfforts: EffortSite[] };

const draftAt = (objectStart: number): RequestDraft => ({
  model: null,
  maxTokens: null,
  maxTokensSpan: null,
  stream: false,
  objectStart,
  outputConfig: null,
  outputConfigIsEmpty: false,
  outputConfigNull: null,
  effort: null,
  messageEfforts: [],
  thinking: null,
  toolNames: [],
  toolTypes: [],
  toolModels: [],
  toolsets: [],
  toolReferences: [],
  toolChoice: null,
  bringsFiles: false,
  resultsHoldFiles: false,
  fileIds: [],
  namesUrls: false,
  compacts: false,
  mcpServers: [],
  metadataUserId: null,
  speed: null,
  inferenceGeo: null,
  serviceTier: null,
  fallbackModels: [],
  fallbackPreset: null,
  messageCount: 0,
});

const MESSAGE = memberTable<RequestDraft>('messages[].', {
  content: readContent,
  output_config: (reader, draft, path) => {
    const { effort } = readOutputConfig(reader, path);
    if (effort !== null) draft.messageEfforts.push(effort);
  },
});

const TOOL_CHOICE = memberTable<RequestDraft>('tool_choice.', {
  name: (reader, draft, path) => {
    draft.toolChoice = readStringOrNull(reader, path);
  },
});

const METADATA = memberTable<RequestDraft>('metadata.', {
  user_id: (reader, draft, path) => {
    draft.metadataUserId = readStringOrNull(reader, path);
  },
});

const REQUEST = memberTable<RequestDraft>('', {
  model: (reader, draft, path) => {
    draft.model = readModel(reader, path);
  },
  max_tokens: (reader, draft, path) => {
    const { value, span } = readCount(reader, path);
    draft.maxTokens = value;
    draft.maxTokensSpan = span;
  },
  stream: (reader, draft, path) => {
    draft.stream = readFlag(reader, path);
  },
  messages: (reader, draft, path) => {
    draft.messageCount = walkObjects(reader, path, { table: MESSAGE, draftFor: () => draft });
  },
  output_config: (reader, draft, path) => {
    const { span, isNull, isEmpty, effort } = readOutputConfig(reader, path);
    draft.outputConfig = isNull ? null : span;
    draft.outputConfigNull = isNull ? span : null;
    draft.outputConfigIsEmpty = isEmpty;
    draft.effort = effort;
  },
  thinking: (reader, draft, path) => {
    draft.thinking = readThinking(reader, path);
  },
  tools: readTools,
  tool_choice: (reader, draft) => {
    if (isObject(reader)) walkObject(reader, TOOL_CHOICE, draft);
    else passValue(reader);
  },
  mcp_servers: (reader, draft, path) => {
    draft.mcpServers = readMcpServers(reader, path);
  },
  metadata: (reader, draft, path) => {
    if (readNull(reader)) return;
    if (!isObject(reader)) throw wrongType(path, 'an object or null', reader.at);
    walkObject(reader, METADATA, draft);
  },
  speed: (reader, draft, path) => {
    draft.speed = readStringOrNull(reader, path);
  },
  inference_geo: (reader, draft, path) => {
    draft.inferenceGeo = readStringOrNull(reader, path);
  },
  service_tier: (reader, draft, path) => {
    draft.serviceTier = readStringOrNull(reader, path);
  },
  fallbacks: readFallbacks,
  context_management: readContextManagement,
  compaction: (reader, draft) => {
    if (readNull(reader)) return;
    draft.compacts = true;
    passValue(reader);
  },
});

const namesModel = (draft: RequestDraft): draft is RequestDraft & { readonly model: ModelSite } => draft.model !== null;

/** Reads the request whose `{` stands at the reader. Throws a Flaw for what a parser could read otherwise, or the gateway cannot act on. */
export const readRequest = (reader: Reader): ScannedRequest => {
  const { at } = reader;
  const draft = draftAt(at + 1);
  walkObject(reader, REQUEST, draft);
  if (!namesModel(draft)) throw new Flaw('model is missing', at);
  return draft;
};
