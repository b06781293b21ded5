import { describe, expect, test } from 'vitest';
import { scanRequest } from './scan-request.ts';
import type { ScannedRequest } from './scanned-request.ts';

const requestIn = (body: string | Buffer): ScannedRequest => {
  const scanned = scanRequest(Buffer.from(body));
  if (!scanned.ok) throw new Error(scanned.problem);
  return scanned.request;
};

const problemIn = (body: string | Buffer): string => {
  const scanned = scanRequest(Buffer.from(body));
  return scanned.ok ? 'no problem' : scanned.problem;
};

/** A request of the given members, after a sound model. */
const having = (members: string): string => `{"model":"m",${members}}`;

const isObjectText = (body: string): boolean => {
  try {
    return JSON.parse(body)?.constructor === Object;
  } catch {
    return false;
  }
};

describe('what a Claude Code request says', () => {
  const body = JSON.stringify({
    model: 'claude-opus-5-5',
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'say "hi"\n\\ and \t stop' }] },
      { role: 'system', content: '# Surroundings\n - one', output_config: { effort: 'xhigh' } },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't1', name: 'Write', input: { model: 'not-a-model', effort: 'max' } }],
      },
      { role: 'user', content: [{ tool_use_id: 't1', type: 'tool_result', content: '{"model":"neither"}' }] },
    ],
    system: [{ type: 'text', text: 'first line', cache_control: { type: 'ephemeral' } }],
    tools: [
      { name: 'Bash', description: 'runs "things"', input_schema: { type: 'object', properties: { name: {} } } },
      { name: 'Later', input_schema: {}, defer_loading: true },
      { type: 'web_search_20260318', name: 'web_search' },
    ],
    metadata: { user_id: '{"device_id":"d","session_id":"s"}' },
    max_tokens: 128000,
    thinking: { type: 'adaptive', display: 'omitted' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    output_config: { effort: 'medium' },
    stream: true,
  });
  const request = requestIn(body);
  const textAt = (site: { span: { start: number; end: number } } | null | undefined) =>
    site && body.slice(site.span.start, site.span.end);

  test('is found, and what content only quotes is not', () => {
    expect(request).toMatchObject({
      model: { value: 'claude-opus-5-5' },
      maxTokens: 128000,
      stream: true,
      objectStart: 1,
      effort: { value: 'medium' },
      messageEfforts: [{ value: 'xhigh' }],
      thinking: { type: 'adaptive', budget: null },
      toolNames: ['Bash', 'Later', 'web_search'],
      toolTypes: ['web_search_20260318'],
      toolModels: [],
      metadataUserId: '{"device_id":"d","session_id":"s"}',
      fallbackModels: [],
      messageCount: 4,
    });
  });

  test('is found with its place', () => {
    expect(textAt(request.model)).toBe('"claude-opus-5-5"');
    expect(textAt(request.effort)).toBe('"medium"');
    expect(request.messageEfforts.map(textAt)).toEqual(['"xhigh"']);
    expect(textAt({ span: request.outputConfig ?? { start: 0, end: 0 } })).toBe('{"effort":"medium"}');
    expect(textAt({ span: request.maxTokensSpan ?? { start: 0, end: 0 } })).toBe('128000');
  });

  test('is found for older models, which think by a budget', () => {
    const { thinking } = requestIn(having('"thinking":{"type":"enabled","budget_tokens":31999}'));
    expect(thinking).toMatchObject({ type: 'enabled', budget: { value: 31999 } });
  });
});

describe('everything that can be billed or used is seen', () => {
  test('fallback models, with the effort, thinking, speed and length each asks for', () => {
    const request = requestIn(
      having(
        `"fallbacks":["plain",{"model":"big","max_tokens":9,"speed":"fast","output_config":{"effort":"max"},
          "thinking":{"type":"adaptive"}}]`,
      ),
    );
    expect(request.fallbackModels).toMatchObject([
      { value: 'plain', effort: null, maxTokens: null },
      { value: 'big', effort: { value: 'max' }, maxTokens: 9, speed: 'fast', thinking: { type: 'adaptive' } },
    ]);
  });

  test('the word that leaves the fallback to the provider', () =>
    expect(requestIn(having('"fallbacks":"default"'))).toMatchObject({
      fallbackPreset: 'default',
      fallbackModels: [],
    }));

  test('the model that a tool calls', () => {
    const { toolModels } = requestIn(having('"tools":[{"type":"advisor_20260301","name":"advisor","model":"big"}]'));
    expect(toolModels).toMatchObject([{ value: 'big' }]);
  });

  test.each([
    ['a tool_addition block', '{"type":"tool_addition","tool":TOOL}'],
    ['a compaction block', '{"type":"compaction","tool_changes":[{"type":"tool_addition","tool":TOOL}]}'],
  ])('a tool that %s brings into the conversation', (_where, block) => {
    const tool = '{"type":"tool_definition","definition":{"type":"bash_20250124","name":"bash","model":"big"}}';
    const request = requestIn(having(`"messages":[{"content":[${block.replace('TOOL', tool)}]}]`));
    expect(request).toMatchObject({
      toolNames: ['bash'],
      toolTypes: ['bash_20250124'],
      toolModels: [{ value: 'big' }],
    });
  });
});

describe('what passes', () => {
  test.each([
    ['an escaped name', '{"mod\\u0065l":"m"}', { model: { value: 'm' } }],
    ['an unknown effort', having('"output_config":{"effort":"ultra"}'), { effort: { value: 'ultra' } }],
    ['an effort of null', having('"output_config":{"effort":null}'), { effort: { value: null } }],
    ['an empty output_config', having('"output_config":{ }'), { outputConfigIsEmpty: true, effort: null }],
    [
      'an output_config of null',
      having('"output_config":null'),
      { outputConfig: null, outputConfigNull: { start: 29 } },
    ],
    ['stream null, which is false', having('"stream":null'), { stream: false }],
    ['null where nothing is asked for', having('"thinking":null,"metadata":null,"speed":null,"fallbacks":null'), {}],
    ['a number written otherwise', having('"max_tokens":1.2e3'), { maxTokens: 1200 }],
    ['unknown members, twice', having('"x":1,"x":[{"y":1,"y":2}]'), {}],
    ['duplicates inside content', having('"messages":[{"content":[{"text":"a","text":"b"}]}]'), { messageCount: 1 }],
    ['a model of 256 characters', `{"model":"${'m'.repeat(256)}"}`, {}],
    ['white space all over', ' \n{ "model" :\t"m" , "tools" : [ ] } \r\n', { toolNames: [] }],
    ['500 levels', having(`"x":${'['.repeat(499)}${']'.repeat(499)}`), {}],
  ])('%s', (_what, body, wanted) => expect(requestIn(body)).toMatchObject(wanted));
});

describe('what is refused, because parsers read it differently', () => {
  const twice: readonly string[] = [
    '"model":"n"',
    '"m\\u006fdel":"n"',
    ...['max_tokens', 'stream', 'messages', 'output_config', 'thinking', 'tools', 'mcp_servers', 'metadata']
      .concat('speed', 'inference_geo', 'service_tier', 'fallbacks')
      .map((name) => `"${name}":WELL,"${name}":WELL`),
    '"output_config":{"effort":"low","effort":"max"}',
    '"output_config":{"effort":"low","\\u0065ffort":"max"}',
    '"messages":[{"output_config":{},"output_config":{"effort":"max"}}]',
    '"messages":[{"output_config":{"effort":"low","effort":"max"}}]',
    '"messages":[{"content":[],"content":[]}]',
    '"messages":[{"content":[{"tool":{},"tool":{"definition":{"name":"x"}}}]}]',
    '"thinking":{"type":"disabled","type":"enabled"}',
    '"thinking":{"budget_tokens":1,"budget_tokens":2}',
    '"tools":[{"name":"a","name":"b"}]',
    '"tools":[{"type":"a","type":"b"}]',
    '"metadata":{"user_id":"a","user_id":"b"}',
    '"fallbacks":[{"model":"a","model":"b"}]',
    '"mcp_servers":[{"url":"a","url":"b"}]',
  ];
  const sound: Readonly<Record<string, string>> = { max_tokens: '1', messages: '[]', tools: '[]', mcp_servers: '[]' };

  test.each(twice)('a member given twice: %s', (members) => {
    const filled = members.replace(/"(\w+)":WELL/g, (_all, name: string) => `"${name}":${sound[name] ?? 'null'}`);
    expect(problemIn(having(filled))).toMatch(/^\S+ is given twice in one object \(at byte \d+\)\.$/);
  });

  test.each(['"Model":"n"', '"STREAM":true', '"\\u017fpeed":"fast"', '"toolſ":[]', '"tools":[{"Name":"x"}]'])(
    'a name in other letter case: %s',
    (members) => expect(problemIn(having(members))).toContain('upper and lower case'),
  );

  test.each(['"model\\u0000":"n"', '"model\\ud800":"n"', '"speed":"fa\\udc00st"', '"tools":[{"name":"Bash\\u0000x"}]'])(
    'a name or value that some parsers cut: %s',
    (members) => expect(problemIn(having(members))).toContain('no text can hold'),
  );
});

describe('what is refused, because it is not strict JSON', () => {
  test.each([
    ...['', ' ', 'null', '[]', '"m"', '{', '{}}', '{"model":"m"}x', '{"model":"m"}{}', '{"model":"m",}', '{model:"m"}'],
    ...[
      "{'model':'m'}",
      '{"model" "m"}',
      '{"model":"m" "x":1}',
      '{"model":"m"]',
      '\u00a0{"model":"m"}',
      '{,"model":"m"}',
    ],
    ...['/**/{"model":"m"}', '{"model":"m"/**/}', '{"model":"m"}//', '\ufeff{"model":"m"}', '{"model":"m\n"}'],
    ...[
      'NaN',
      'Infinity',
      '-',
      '01',
      '+1',
      '1.',
      '.5',
      '1e',
      '1e+',
      '0x1',
      'tru',
      'nulL',
      'True',
      "'a'",
      '[1,]',
      '[1 2]',
    ]
      .concat('[}', '{]', '[', '{"a"}', '{"a":}', '{"a":1,}', '{1:2}', '{"a":1,,"b":2}', '[,1]', '[[1}]', '{"a":[1}]}')
      .concat(
        '"\\x41"',
        '"\\u12"',
        '"\\u00g0"',
        '"a\tb"',
        '"\u0000"',
        '"\\',
        '"abc',
        '"\\"',
        '"\\u"+"0000"',
        ']',
        '}',
        '',
      )
      .map((value) => having(`"x":${value}`)),
  ])('%j', (body) => {
    expect(isObjectText(body)).toBe(false);
    expect(problemIn(body)).toMatch(/\(at byte \d+\)\.$/);
  });

  test('bytes that are not UTF-8', () => {
    expect(problemIn(Buffer.from('{"model":"m\xff"}', 'latin1'))).toContain('not valid UTF-8');
    expect(problemIn(Buffer.from('{"model":"m"}', 'utf16le'))).toMatch(/must be a JSON object|not valid JSON/);
  });

  test('nesting beyond 500 levels, however deep, without exhausting the stack', () => {
    expect(problemIn(having(`"x":${'['.repeat(500)}${']'.repeat(500)}`))).toContain('deeper than 500');
    expect(problemIn(having(`"x":${'{"a":'.repeat(1_000_000)}`))).toContain('deeper than 500');
    expect(problemIn(having(`"messages":[{"content":${'['.repeat(1_000_000)}`))).toContain('deeper than 500');
  });
});

describe('what is refused, because the gateway cannot act on it', () => {
  test.each([
    ['{}', 'model is missing'],
    ['{"model":null}', 'model must be a string'],
    ['{"model":7}', 'model must be a string'],
    ['{"model":""}', 'model must be a model id, not an empty string'],
    [`{"model":"${'m'.repeat(257)}"}`, 'model must be a model id of 256 characters or fewer'],
    [having('"max_tokens":"5"'), 'max_tokens must be a whole number'],
    [having('"max_tokens":null'), 'max_tokens must be a whole number'],
    [having('"max_tokens":1.5'), 'max_tokens must be a whole number of zero or more'],
    [having('"max_tokens":-1'), 'max_tokens must be a whole number of zero or more'],
    [having('"max_tokens":1e99'), 'max_tokens must be a whole number of zero or more'],
    [having('"stream":"true"'), 'stream must be true or false'],
    [having('"stream":1'), 'stream must be true or false'],
    [having('"messages":{}'), 'messages must be an array'],
    [having('"messages":null'), 'messages must be an array'],
    [having('"messages":["hi"]'), 'messages[] must be an object'],
    [having('"messages":[{"output_config":3}]'), 'messages[].output_config must be an object or null'],
    [having('"output_config":[]'), 'output_config must be an object or null'],
    [having('"output_config":{"effort":3}'), 'output_config.effort must be a string or null'],
    [having('"thinking":"adaptive"'), 'thinking must be an object or null'],
    [having('"thinking":{"type":1}'), 'thinking.type must be a string or null'],
    [having('"thinking":{"budget_tokens":"9"}'), 'thinking.budget_tokens must be a whole number'],
    [having('"tools":{}'), 'tools must be an array'],
    [having('"tools":["Bash"]'), 'tools[] must be an object'],
    [having('"tools":[{"name":1}]'), 'tools[].name must be a string or null'],
    [having('"metadata":"me"'), 'metadata must be an object or null'],
    [having('"metadata":{"user_id":1}'), 'metadata.user_id must be a string or null'],
    [having('"mcp_servers":[1]'), 'mcp_servers[] must be an object'],
    [having('"speed":1'), 'speed must be a string or null'],
    [having('"inference_geo":true'), 'inference_geo must be a string or null'],
    [having('"service_tier":{}'), 'service_tier must be a string or null'],
    [having('"fallbacks":{}'), 'fallbacks must be an array, a word or null'],
    [having('"fallbacks":[1]'), 'fallbacks[] must be a model id or an object'],
    [having('"fallbacks":[{}]'), 'fallbacks[] must be an object that names a model'],
  ])('%s: %s', (body, sentence) => expect(problemIn(body)).toMatch(`${sentence} (at byte `));
});
