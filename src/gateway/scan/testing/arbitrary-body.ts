import fc from 'fast-check';

/** A JSON object as written: its members in order, so that a name can stand twice. */
export type Members = readonly (readonly [string, Written])[];

/** A JSON value as it is written down, before white space and escapes are chosen. */
export type Written =
  | { readonly object: Members }
  | { readonly array: readonly Written[] }
  | string
  | number
  | boolean
  | null;

const words = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('low', 'max', 'claude-opus-5-5', '\n"\\"\\\\', 'é\u2028😀', 'x'.repeat(40)) },
);

const names = fc.oneof(words, fc.constantFrom('model', 'effort', 'name', 'tool', 'output_config', 'messages', 'type'));

/** Any JSON value at all, duplicate names included. */
export const anything: fc.Arbitrary<Written> = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    words,
    fc.constantFrom(null, true, false, 0, -0.5, 12, 1.5e-7),
    fc.array(tie('value'), { maxLength: 4 }).map((array) => ({ array })),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((object) => ({ object })),
  ),
})).value;

const orNull = <T extends Written>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 4, arbitrary }, { weight: 1, arbitrary: fc.constant(null) });

/** An object that may hold the given members, each at most once, in any order, among others of foreign names. */
const objectOf = (members: Readonly<Record<string, fc.Arbitrary<Written>>>, always: readonly string[] = []) =>
  fc
    .tuple(
      fc.subarray(Object.keys(members).filter((name) => !always.includes(name))),
      fc.record(members),
      fc.array(fc.tuple(fc.constantFrom('x', 'role', 'system', 'cache_control', 'é'), anything), { maxLength: 2 }),
      fc.infiniteStream(fc.nat(1000)),
    )
    .map(([chosen, values, others, ranks]) => {
      const own = [...always, ...chosen].map((name) => [name, values[name] ?? null] as const);
      const ranked = [...own, ...others].map((member) => ({ member, rank: ranks.next().value ?? 0 }));
      return { object: ranked.sort((a, b) => a.rank - b.rank).map(({ member }) => member) };
    });

const listOf = (item: fc.Arbitrary<Written>) => fc.array(item, { maxLength: 3 }).map((array) => ({ array }));

const count = fc.nat(200_000);
const model = fc.oneof(fc.constantFrom('claude-opus-5-5', 'team/ü"x'), fc.string({ minLength: 1, maxLength: 20 }));
const outputConfig = orNull(objectOf({ effort: orNull(words), format: anything }));
const thinking = orNull(objectOf({ type: orNull(words), budget_tokens: count }));
const toolSwitch = orNull(objectOf({ enabled: orNull(fc.boolean()) }));
const switches = fc.tuple(toolSwitch, toolSwitch).map(
  ([one, two]): Written => ({
    object: [
      ['search', one],
      ['delete "all"', two],
    ],
  }),
);
const tool = objectOf({
  name: orNull(words),
  type: orNull(words),
  model,
  input_schema: anything,
  mcp_server_name: orNull(words),
  default_config: toolSwitch,
  configs: orNull(switches),
});
const addition = objectOf({ definition: tool, server_name: orNull(words), name: orNull(words) });
const toolChange = objectOf({ tool: addition });
const source = fc.oneof(
  words,
  objectOf({
    type: words,
    data: anything,
    file_id: words,
    url: words,
    content: fc.oneof(words, listOf(objectOf({ source: objectOf({ file_id: words, url: anything }), file_id: words }))),
  }),
);
const block = fc.oneof(
  objectOf({
    text: anything,
    tool: addition,
    tool_changes: listOf(toolChange),
    source,
    file_id: words,
    content: fc.oneof(words, listOf(fc.oneof(words, objectOf({ source, file_id: words })))),
  }),
  words,
);
const message = objectOf({ content: fc.oneof(words, listOf(block)), output_config: outputConfig });
const fallback = objectOf(
  { model, max_tokens: orNull(count), output_config: outputConfig, thinking, speed: orNull(words) },
  ['model'],
);

const edit = objectOf({
  type: fc.oneof(
    words,
    count,
    fc.constantFrom('compact_20260112', 'clear_thinking_20251015', 'clear_tool_uses_20250919'),
  ),
});

/** A request in which every member that the gateway acts on has a type it takes, and stands once. */
export const wellTypedRequest: fc.Arbitrary<Written> = objectOf(
  {
    model,
    max_tokens: count,
    stream: orNull(fc.boolean()),
    messages: listOf(message),
    output_config: outputConfig,
    thinking,
    tools: listOf(tool),
    tool_choice: orNull(objectOf({ name: orNull(words), type: words })),
    mcp_servers: listOf(
      objectOf({
        name: orNull(words),
        url: orNull(words),
        tool_configuration: orNull(objectOf({ allowed_tools: orNull(listOf(words)) })),
      }),
    ),
    metadata: orNull(objectOf({ user_id: orNull(words) })),
    speed: orNull(words),
    inference_geo: orNull(words),
    service_tier: orNull(words),
    context_management: orNull(objectOf({ edits: fc.oneof(words, listOf(fc.oneof(words, edit))) })),
    compaction: orNull(objectOf({ trigger: words })),
    fallbacks: orNull(fc.oneof(words, listOf(fc.oneof(model, fallback)))),
  },
  ['model'],
);

/** Draws the next of `count` choices, 0 upward. */
export type Draw = (count: number) => number;

const spaceBy = (draw: Draw): string => ['', '', '', ' ', '\n', '\t\r\n  '][draw(6)] ?? '';

const escapeBy = (draw: Draw, unit: string): string =>
  draw(12) === 0 ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : JSON.stringify(unit).slice(1, -1);

const writeString = (text: string, draw: Draw): string => {
  if (draw(4) > 0) return JSON.stringify(text);
  const units = Array.from(text, (unit) => (unit.length === 1 ? escapeBy(draw, unit) : unit));
  return `"${units.join('')}"`;
};

/** The JSON text of a value, with the white space and the escapes that `draw` chooses. */
export const writeBody = (value: Written, draw: Draw): string => {
  const pad = (text: string) => spaceBy(draw) + text + spaceBy(draw);
  if (typeof value === 'string') return writeString(value, draw);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if ('array' in value) return `[${value.array.map((item) => pad(writeBody(item, draw))).join(',') || spaceBy(draw)}]`;
  const members = value.object.map(([name, item]) => `${pad(writeString(name, draw))}:${pad(writeBody(item, draw))}`);
  return `{${members.join(',') || spaceBy(draw)}}`;
};

/** Choices for {@link writeBody}. */
export const draws: fc.Arbitrary<Draw> = fc
  .infiniteStream(fc.nat(0xffff))
  .map((stream) => (choices: number) => (stream.next().value ?? 0) % choices);
