import type { ScannedRequest } from '../scanned-request.ts';

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const objectIn = (value: unknown): Json => (isJson(value) ? value : {});
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const orNull = (value: unknown): unknown => value ?? null;

const effortIn = (holder: unknown) => {
  const config = objectIn(objectIn(holder).output_config);
  return 'effort' in config ? { value: config.effort } : null;
};

const thinkingIn = (holder: unknown) => {
  const { thinking } = objectIn(holder);
  if (!isJson(thinking)) return null;
  return { type: orNull(thinking.type), budget: 'budget_tokens' in thinking ? thinking.budget_tokens : null };
};

/** The tools of a request in the order they are written, which is the order of its members. */
const toolsIn = (root: Json): readonly Json[] =>
  Object.entries(root).flatMap(([name, value]) => {
    if (name === 'tools') return listIn(value).map(objectIn);
    if (name !== 'messages') return [];
    return listIn(value).flatMap((message) => listIn(objectIn(message).content).flatMap(toolsInBlock));
  });

const toolsInBlock = (block: unknown): readonly Json[] =>
  Object.entries(objectIn(block)).flatMap(([name, value]) => {
    if (name === 'tool') return [objectIn(objectIn(value).definition)];
    return name === 'tool_changes'
      ? listIn(value).flatMap((entry) => toolsInBlock({ tool: objectIn(entry).tool }))
      : [];
  });

const blocksIn = (root: Json): readonly unknown[] =>
  listIn(root.messages).flatMap((message) => listIn(objectIn(message).content));

/** Whether a source has an address: of a block itself, of one in it, or of one in a document of blocks. */
const namesUrl = (block: unknown): boolean => {
  const own = objectIn(objectIn(block).source);
  return 'url' in own || [...listIn(own.content), ...listIn(objectIn(block).content)].some(namesUrl);
};

const holdsFile = (block: unknown): boolean => isJson(objectIn(block).source) || 'file_id' in objectIn(block);

/** The ids of files that a block names, in the order in which they stand. */
const fileIdsIn = (block: unknown, isOutermost = true): readonly unknown[] =>
  Object.entries(objectIn(block)).flatMap(([name, value]) => {
    if (name === 'file_id') return typeof value === 'string' ? [value] : [];
    if (name === 'source') return fileIdsOfSource(value);
    return name === 'content' && isOutermost ? listIn(value).flatMap((inner) => fileIdsIn(inner, false)) : [];
  });

const fileIdsOfSource = (source: unknown): readonly unknown[] =>
  Object.entries(objectIn(source)).flatMap(([name, value]) => {
    if (name === 'file_id') return typeof value === 'string' ? [value] : [];
    return name === 'content' ? listIn(value).flatMap((inner) => fileIdsIn(inner, false)) : [];
  });

const isOn = (config: unknown): unknown => ('enabled' in objectIn(config) ? (objectIn(config).enabled ?? false) : true);

const toolsetIn = (tool: Json) =>
  ['mcp_server_name', 'default_config', 'configs'].some((name) => name in tool)
    ? [
        {
          server: orNull(tool.mcp_server_name),
          enabled: isOn(tool.default_config),
          tools: Object.entries(objectIn(tool.configs)).map(([name, config]) => ({ name, enabled: isOn(config) })),
        },
      ]
    : [];

const referencesIn = (block: unknown): readonly { server: unknown; tool: unknown }[] =>
  Object.entries(objectIn(block)).flatMap(([name, value]) => {
    if (name === 'tool_changes') return listIn(value).flatMap((entry) => referencesIn({ tool: objectIn(entry).tool }));
    const { server_name: server, name: tool } = objectIn(name === 'tool' ? value : undefined);
    return server === undefined || server === null ? [] : [{ server, tool: orNull(tool) }];
  });

const fallbackIn = (entry: unknown) => {
  const own = typeof entry === 'string' ? { model: entry } : objectIn(entry);
  return {
    value: own.model,
    maxTokens: orNull(own.max_tokens),
    effort: effortIn(own),
    thinking: thinkingIn(own),
    speed: orNull(own.speed),
  };
};

/** What a full parse says of everything that the scanner reads, without the places. */
export const readByParser = (root: Json) => {
  const tools = toolsIn(root);
  const given = (name: string) => tools.map((tool) => tool[name]).filter((value) => typeof value === 'string');
  return {
    model: root.model,
    maxTokens: orNull(root.max_tokens),
    stream: root.stream ?? false,
    hasOutputConfig: isJson(root.output_config),
    outputConfigIsEmpty: isJson(root.output_config) && Object.keys(root.output_config).length === 0,
    outputConfigIsNull: root.output_config === null,
    effort: effortIn(root),
    messageEfforts: listIn(root.messages).flatMap((message) => effortIn(message) ?? []),
    thinking: thinkingIn(root),
    toolNames: given('name'),
    toolTypes: given('type'),
    toolModels: given('model'),
    toolsets: tools.flatMap(toolsetIn),
    toolReferences: blocksIn(root).flatMap(referencesIn),
    toolChoice: orNull(objectIn(root.tool_choice).name),
    bringsFiles: blocksIn(root).some(holdsFile),
    resultsHoldFiles: blocksIn(root).some((block) => listIn(objectIn(block).content).some(holdsFile)),
    fileIds: blocksIn(root).flatMap((block) => fileIdsIn(block)),
    mcpServers: listIn(root.mcp_servers)
      .map(objectIn)
      .map(({ name, url, tool_configuration: configuration }) => ({
        name: orNull(name),
        url: orNull(url),
        allowedTools: orNull(objectIn(configuration).allowed_tools),
      })),
    namesUrls: blocksIn(root).some(namesUrl),
    compacts:
      orNull(root.compaction) !== null ||
      listIn(objectIn(root.context_management).edits).some((edit) =>
        /^compact/.test(String(objectIn(edit).type ?? '')),
      ),
    metadataUserId: orNull(objectIn(root.metadata).user_id),
    speed: orNull(root.speed),
    inferenceGeo: orNull(root.inference_geo),
    serviceTier: orNull(root.service_tier),
    fallbackModels: listIn(root.fallbacks).map(fallbackIn),
    fallbackPreset: typeof root.fallbacks === 'string' ? root.fallbacks : null,
    messageCount: listIn(root.messages).length,
  };
};

const thinkingOf = (thinking: ScannedRequest['thinking']) =>
  thinking && { type: thinking.type, budget: thinking.budget?.value ?? null };

const effortOf = (effort: ScannedRequest['effort']) => effort && { value: effort.value };

/** The same, as the scanner answered it. */
export const withoutPlaces = (request: ScannedRequest) => {
  const { maxTokensSpan: _span, objectStart: _start, outputConfig, outputConfigNull, ...rest } = request;
  return {
    ...rest,
    model: request.model.value,
    hasOutputConfig: outputConfig !== null,
    outputConfigIsNull: outputConfigNull !== null,
    effort: effortOf(request.effort),
    messageEfforts: request.messageEfforts.map(({ value }) => ({ value })),
    thinking: thinkingOf(request.thinking),
    toolModels: request.toolModels.map(({ value }) => value),
    fallbackModels: request.fallbackModels.map(({ value, maxTokens, effort, thinking, speed }) => ({
      value,
      maxTokens,
      effort: effortOf(effort),
      thinking: thinkingOf(thinking),
      speed,
    })),
  };
};
