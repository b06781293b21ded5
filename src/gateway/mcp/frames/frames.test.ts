import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideTools } from './hide-tools.ts';
import { readClientFrames } from './read-client-frames.ts';
import { readServerFrames } from './read-server-frames.ts';
import { createEventSplitter, EventTooLarge, readEvent, withData } from './split-events.ts';

const client = (text: string) => readClientFrames(Buffer.from(text));

const CALL = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add","arguments":{"name":"other"}}}';

describe('a message from a client', () => {
  it('is read for its kind, id, method and name', () => {
    expect(client(CALL)).toEqual({
      isBatch: false,
      frames: [{ kind: 'request', id: '7', method: 'tools/call', name: 'add', uri: null, wantsToolChanges: false }],
    });
    expect(client(' {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}} ')).toMatchObject({
      frames: [{ kind: 'notification', id: null, method: 'notifications/cancelled' }],
    });
    const listening = (notifications: string) =>
      client(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":${notifications}}}`);
    expect(listening('{"toolsListChanged":true}')).toMatchObject({ frames: [{ wantsToolChanges: true }] });
    for (const other of ['{}', '{"toolsListChanged":1}', 'null', '[true]', '"toolsListChanged"'])
      expect(listening(other)).toMatchObject({ frames: [{ wantsToolChanges: false }] });
    expect(client('{"id":"x","jsonrpc":"2.0","result":{"roots":[]}}')).toMatchObject({
      frames: [{ kind: 'response', id: '"x"', method: null }],
    });
  });

  it('is read as a JSON parser reads it, whatever its spelling', () => {
    const spelled =
      '{"jsonrpc":"2.0","\\u006dethod":"tools\\/\\u0063all","id":"\\u0061","params":{"n\\u0061me":"\\u0061dd"}}';
    expect(client(spelled)).toMatchObject({ frames: [{ id: '"a"', method: 'tools/call', name: 'add' }] });
  });

  it.each([
    ['is no JSON', '{"jsonrpc":"2.0",'],
    ['is followed by another', `${CALL}${CALL}`],
    ['is no object', '"tools/call"'],
    ['names its method twice', '{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}'],
    ['names its tool twice', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}'],
    ['brings its parameters twice', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{},"params":{"name":"b"}}'],
    ['names its tool in other letters', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"Name":"b"}}'],
    ['names its method in other letters', '{"jsonrpc":"2.0","id":1,"Method":"tools/call"}'],
    ['has a null id', '{"jsonrpc":"2.0","id":null,"method":"tools/call"}'],
    ['has an object for an id', '{"jsonrpc":"2.0","id":{},"method":"tools/call"}'],
    ['is of no version', '{"id":1,"method":"tools/call"}'],
    ['is of another version', '{"jsonrpc":"1.0","id":1,"method":"tools/call"}'],
    ['is call and answer at once', '{"jsonrpc":"2.0","id":1,"method":"tools/call","result":{}}'],
    ['is neither call nor answer', '{"jsonrpc":"2.0","id":1}'],
    ['is nested too deeply', `{"jsonrpc":"2.0","id":1,"method":"x","params":${'['.repeat(600)}${']'.repeat(600)}}`],
    ['is an empty batch', '[]'],
    ['is a batch with one id twice', `[${CALL},${CALL}]`],
    ['is a batch in a batch', `[[${CALL}]]`],
    [
      'is a batch without end',
      `[${Array.from({ length: 101 }, (_, id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`)}]`,
    ],
    ['begins with a byte order mark', `\ufeff${CALL}`],
  ])('is refused when it %s', (_, text) => {
    expect(client(text)).toEqual({
      problem: expect.stringMatching(/^[A-Z].*\.$|^\w+ must .*\.$|^\S+ is given twice .*\.$/),
    });
  });
});

const server = (value: unknown) => readServerFrames(Buffer.from(JSON.stringify(value)));

describe('a message from a server', () => {
  it('is read for what it answers and whether that failed', () => {
    expect(server({ jsonrpc: '2.0', id: 1, result: { content: [] } })).toMatchObject([{ answers: '1', failure: null }]);
    expect(server({ result: { content: [], isError: true }, id: 'a' })).toMatchObject([
      { answers: '"a"', failure: 'tool' },
    ]);
    expect(server({ id: 1, error: { code: -32602, message: 'no' } })).toMatchObject([
      { answers: '1', failure: 'error' },
    ]);
    expect(server({ id: null, error: { code: -32700, message: 'no' } })).toMatchObject([{ answers: null }]);
    expect(server({ id: 1, method: 'sampling/createMessage', params: { tools: [{ name: 'x' }] } })).toMatchObject([
      { answers: null, list: null },
    ]);
    expect(server([{ id: 1, result: {} }, { method: 'notifications/progress' }])).toHaveLength(2);
  });

  it('keeps every byte but those of hidden tools', () => {
    const tool = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'é"\\'),
      about: fc.string({ unit: 'grapheme' }),
    });
    const isVisible = (name: string) => name !== 'b' && name !== 'é"\\';
    fc.assert(
      fc.property(fc.array(tool), fc.constantFrom(0, 1, 2), (tools, indent) => {
        const message = { jsonrpc: '2.0', id: 1, result: { tools, nextCursor: 'page 2' } };
        const bytes = Buffer.from(JSON.stringify(message, null, indent));
        const frames = readServerFrames(bytes);
        if ('problem' in frames) throw new Error(frames.problem);
        const left = hideTools(bytes, frames, isVisible);
        const visible = tools.filter(({ name }) => isVisible(name));
        expect(JSON.parse(left.toString())).toEqual({ ...message, result: { ...message.result, tools: visible } });
        if (visible.length === tools.length) expect(left).toBe(bytes);
      }),
    );
  });

  it('shows no tool that has no name', () => {
    const bytes = Buffer.from('{"id":1,"result":{"tools":[{"title":"a"},7,{"name":5},{"name":"a"}]}}');
    const frames = readServerFrames(bytes);
    if ('problem' in frames) throw new Error(frames.problem);
    expect(hideTools(bytes, frames, () => true).toString()).toBe('{"id":1,"result":{"tools":[{"name":"a"}]}}');
  });

  it.each([
    '{"id":1,"result":{"tools":[],"tools":[{"name":"b"}]}}',
    '{"id":1,"result":{},"result":{"tools":[{"name":"b"}]}}',
    '{"id":1,"result":{"tools":[{"name":"a","name":"b"}]}}',
    '{"id":1,"result":{"Tools":[{"name":"b"}]}}',
    '{"id":1,"result":{"tools":[{"name":"b"}]',
    'event',
  ])('is refused when one parser could read it differently from another: %s', (text) => {
    expect(readServerFrames(Buffer.from(text))).toEqual({ problem: expect.any(String) });
  });
});

const split = (text: string, sizes: readonly number[] = [text.length]) => {
  const splitter = createEventSplitter(1000);
  const bytes = Buffer.from(text);
  const events: string[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    events.push(...splitter.push(bytes.subarray(at, at + size)).map(String));
    at += size;
  }
  return { events, rest: splitter.rest().toString() };
};

describe('a stream of events', () => {
  it('is the same events however it is cut, and not a byte is lost', () => {
    const ending = fc.constantFrom('\n', '\r\n', '\r');
    const line = fc.constantFrom('data: {"a":1}', 'id: 5', ': still here', 'data:', 'event: message', 'retry: 10');
    const stream = fc
      .array(fc.tuple(fc.array(line), ending))
      .map((events) => events.map(([lines, end]) => `${lines.map((one) => one + end).join('')}${end}`).join(''));
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 5 })), (text, sizes) => {
        const whole = split(text);
        const cut = split(text, sizes);
        expect(cut.events.join('') + cut.rest).toBe(text);
        const dataOf = ({ events }: typeof whole) =>
          events.flatMap((event) => readEvent(Buffer.from(event)).data?.toString() ?? []);
        expect(dataOf(cut)).toEqual(dataOf(whole));
      }),
    );
  });

  it('carries messages over several lines, under names without a space, behind a byte order mark', () => {
    expect(readEvent(Buffer.from('id: 1\ndata: {"a":\ndata:1}\n\n'))).toEqual({
      data: Buffer.from('{"a":\n1}'),
      hasId: true,
    });
    expect(readEvent(Buffer.from('\ufeffdata: {}\n\n')).data?.toString()).toBe('{}');
    expect(readEvent(Buffer.from(': data: {}\n\n'))).toEqual({ data: null, hasId: false });
    expect(readEvent(Buffer.from('id: 7\ndata:\n\n'))).toEqual({ data: null, hasId: true });
  });

  it('gets other data without losing its id', () => {
    const event = Buffer.from('id: 5\r\nevent: message\r\ndata: {"a":\r\ndata: "é"}\r\n\r\n');
    expect(withData(event, Buffer.from('{"ü":2}')).toString()).toBe('id: 5\nevent: message\ndata: {"ü":2}\n\n');
  });

  it('is given up when one event is larger than may be held', () => {
    const splitter = createEventSplitter(10);
    expect(splitter.push(Buffer.from('data: 1\n\nd'))).toHaveLength(1);
    expect(() => splitter.push(Buffer.from('ata: 1234567890'))).toThrow(EventTooLarge);
  });
});
