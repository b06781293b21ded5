/** Where a JSON value stands in the body: byte offsets, `end` exclusive; quotes and brackets belong to the value. */
export type Span = { readonly start: number; readonly end: number };

/** A model the request names, and where. */
export type ModelSite = { readonly value: string; readonly span: Span };

/** An effort the request asks for, and where; `value` is null where the body says JSON null (the model's own default). */
export type EffortSite = { readonly value: string | null; readonly span: Span };

/** What a `thinking` object says; `type` is null where it says none, `budget` is `budget_tokens`. */
export type Thinking = {
  readonly type: string | null;
  readonly budget: { readonly value: number; readonly span: Span } | null;
};

/** An MCP server that the request asks the provider to reach; `allowedTools` null where it does not list any. */
export type McpServer = {
  readonly name: string | null;
  readonly url: string | null;
  readonly allowedTools: readonly string[] | null;
};

/** A tool of a toolset that is switched by its name. */
export type ToolSwitch = { readonly name: string; readonly enabled: boolean };

/** A toolset: which tools of the server of that name are offered. `enabled` holds for those that `tools` does not name. */
export type McpToolset = {
  readonly server: string | null;
  readonly enabled: boolean;
  readonly tools: readonly ToolSwitch[];
};

/** A tool of a server that the conversation adds on its way; null for all of the server's toolset. */
export type ToolReference = { readonly server: string; readonly tool: string | null };

/** The tools a request brings: those of `tools`, and those that a conversation adds on its way (`tool_addition` blocks). */
export type BroughtTools = {
  readonly toolNames: readonly string[];
  readonly toolTypes: readonly string[];
  /** Models that tools call on their own account (the advisor tool's `model`): each can be billed. */
  readonly toolModels: readonly ModelSite[];
  readonly toolsets: readonly McpToolset[];
  readonly toolReferences: readonly ToolReference[];
};

/**
 * One entry of `fallbacks`: a model that the provider may answer with, and bill, in place of the one asked for. What an
 * entry does not say (null here) it takes from the request; what it says counts for its own attempt.
 */
export type FallbackModel = ModelSite & {
  readonly maxTokens: number | null;
  readonly maxTokensSpan: Span | null;
  readonly effort: EffortSite | null;
  readonly thinking: Thinking | null;
  readonly speed: string | null;
};

/** What the gateway acts on in one Messages request, and where it stands in the body. Anything else passes unread. */
export type ScannedRequest = BroughtTools & {
  readonly model: ModelSite;
  readonly maxTokens: number | null;
  readonly maxTokensSpan: Span | null;
  readonly stream: boolean;
  /** Just after the `{` of this request: where a new first member goes. It needs a comma after it, as `model` follows. */
  readonly objectStart: number;
  /** The top-level `output_config` object; null when the member is absent or JSON null. */
  readonly outputConfig: Span | null;
  /** Whether that object is `{}`, so that a member put at `outputConfig.start + 1` needs no comma after it. */
  readonly outputConfigIsEmpty: boolean;
  /** Where `output_config` says JSON null: replace this value instead of adding a second member. */
  readonly outputConfigNull: Span | null;
  readonly effort: EffortSite | null;
  /** The efforts of `messages[].output_config`, in order. */
  readonly messageEfforts: readonly EffortSite[];
  readonly thinking: Thinking | null;
  /** The tool that `tool_choice` names; null without one. */
  readonly toolChoice: string | null;
  readonly mcpServers: readonly McpServer[];
  /** Whether a message holds an image, a document or another file. */
  readonly bringsFiles: boolean;
  /** Whether the result of a tool in a message does. */
  readonly resultsHoldFiles: boolean;
  /** Uploaded files that messages name by their id. */
  readonly fileIds: readonly string[];
  /** Whether something that messages hold comes from an address, so that its size is not that of the bytes here. */
  readonly namesUrls: boolean;
  /** Whether the provider may compact the conversation by itself, which runs the model once more. */
  readonly compacts: boolean;
  readonly metadataUserId: string | null;
  readonly speed: string | null;
  readonly inferenceGeo: string | null;
  readonly serviceTier: string | null;
  readonly fallbackModels: readonly FallbackModel[];
  /** `fallbacks` given as a word ("default": the provider chooses the models); null when it is a list or absent. */
  readonly fallbackPreset: string | null;
  readonly messageCount: number;
};

/** One request of a batch; spans count from the start of the whole body. */
export type BatchEntry = { readonly customId: string | null; readonly request: ScannedRequest };
