import { type Choices, code, createChoices, numberedCode, prose, sentence } from './wording.ts';

/** The model every request asks for; the effort asked with it is `medium`. */
export const MODEL = 'claude-opus-5-5';

const TOOLS =
  'Agent Bash Edit Glob Grep KillShell ListAgents MultiEdit NotebookEdit NotebookRead PlanExit Read Schedule Shell Skill TaskList TodoWrite WebFetch WebSearch Write'.split(
    ' ',
  );

const property = (choices: Choices, name: string) => ({
  [name]: { type: choices.oneOf(['string', 'number', 'boolean']), description: sentence(choices) },
});

const tool = (choices: Choices, name: string) => ({
  name,
  description: prose(choices, 10),
  input_schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      ...property(choices, 'file_path'),
      ...property(choices, 'pattern'),
      ...property(choices, 'limit'),
      options: { type: 'object', properties: property(choices, 'mode'), additionalProperties: false },
      edits: { type: 'array', minItems: 1, items: { type: 'object', properties: property(choices, 'new_text') } },
    },
    required: ['file_path'],
    additionalProperties: false,
  },
});

const toolCall = (choices: Choices, id: string) => ({
  role: 'assistant',
  content: [
    { type: 'text', text: prose(choices, 2) },
    {
      type: 'tool_use',
      id,
      name: choices.oneOf(TOOLS),
      input: { file_path: `/home/dev/project/src/${choices.below(400)}.ts`, new_string: code(choices, 6) },
    },
  ],
});

const toolResult = (choices: Choices, id: string) => ({
  role: 'user',
  content: [{ tool_use_id: id, type: 'tool_result', content: numberedCode(choices, 24) }],
});

const opening = (choices: Choices) => [
  { role: 'user', content: [{ type: 'text', text: prose(choices, 4) }] },
  { role: 'system', content: `# Environment\n${prose(choices, 12)}`, output_config: { effort: 'medium' } },
];

/** A history of tool calls of at least `bytes` once written as JSON, ending in a result with a cache mark. */
const history = (choices: Choices, bytes: number): unknown[] => {
  const messages: unknown[] = opening(choices);
  let written = Buffer.byteLength(JSON.stringify(messages));
  for (let turn = 0; written < bytes; turn += 1) {
    const id = `toolu_bench${String(turn).padStart(12, '0')}`;
    const pair = [toolCall(choices, id), toolResult(choices, id)];
    messages.push(...pair);
    written += Buffer.byteLength(JSON.stringify(pair));
  }
  messages.push({ role: 'user', content: [{ type: 'text', text: 'Go on.', cache_control: { type: 'ephemeral' } }] });
  return messages;
};

const system = (choices: Choices) => [
  { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.000; cc_entrypoint=cli;' },
  { type: 'text', text: 'You help with a code base.', cache_control: { type: 'ephemeral' } },
  { type: 'text', text: prose(choices, 110), cache_control: { type: 'ephemeral' } },
];

const metadata = {
  user_id: JSON.stringify({
    device_id: '0'.repeat(64),
    account_uuid: '',
    session_id: '6f1d2c3b-0000-4000-8000-00000000bead',
  }),
};

/** A request of about `bytes` (at most one turn more) in the key order and proportions of Claude Code's own. */
export const claudeCodeBody = (bytes: number): Buffer => {
  const choices = createChoices(bytes);
  const around = { system: system(choices), tools: TOOLS.map((name) => tool(choices, name)) };
  const rest = bytes - Buffer.byteLength(JSON.stringify(around)) - 700;
  const body = {
    model: MODEL,
    messages: history(choices, rest),
    ...around,
    metadata,
    max_tokens: 32_000,
    thinking: { type: 'adaptive' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    output_config: { effort: 'medium' },
  };
  return Buffer.from(JSON.stringify(body));
};

/** A script's request of about 1 KB: one question, no tools. */
export const smallBody = (stream: boolean): Buffer => {
  const choices = createChoices(1);
  const body = {
    model: MODEL,
    max_tokens: 1024,
    ...(stream ? { stream: true } : {}),
    output_config: { effort: 'medium' },
    metadata,
    messages: [{ role: 'user', content: prose(choices, 12) }],
  };
  return Buffer.from(JSON.stringify(body));
};

const HEADERS: Readonly<Record<string, string>> = {
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'claude-cli/2.1.330 (external, cli)',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'context-management-2025-06-27,effort-2025-11-24',
  'x-claude-code-session-id': '6f1d2c3b-0000-4000-8000-00000000bead',
  'x-stainless-arch': 'x64',
  'x-stainless-lang': 'js',
  'x-stainless-os': 'Linux',
  'x-stainless-retry-count': '0',
  'x-stainless-timeout': '600',
  'x-app': 'cli',
};

/** The whole bytes of `POST /v1/messages` with Claude Code's usual headers and `headers` on top. */
export const requestBytes = (port: number, headers: Readonly<Record<string, string>>, body: Buffer): Buffer => {
  const fields = { host: `127.0.0.1:${port}`, ...HEADERS, ...headers, 'content-length': String(body.length) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`POST /v1/messages HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body]);
};
