import { expect, it } from 'vitest';
import { deviceName } from './device-name.ts';
import { readUserCode } from './user-code.ts';

it.each([
  ['BCDF-GHJK', 'BCDF-GHJK'],
  ['bcdfghjk', 'BCDF-GHJK'],
  [' bcdf ghjk ', 'BCDF-GHJK'],
  ['BCDF–GHJK', 'BCDF-GHJK'],
  ['BCDF-GHJ', undefined],
  ['BCDF-GHJKL', undefined],
  ['ACDF-GHJK', undefined],
  ['BCDF-GHJ1', undefined],
  ['', undefined],
])('“%s” is the code %s', (typed, code) => {
  expect(readUserCode(typed)).toBe(code);
});

it.each([
  ['claude_code', 'claude-code/2.1.330', 'Claude Code 2.1.330'],
  ['claude_code', null, 'Claude Code'],
  [null, 'curl/8.5', 'Claude Code'],
  ['claude_desktop', 'claude-code/2.1.330', 'Claude Desktop 2.1.330'],
  ['claude_code', 'claude-code/<b>', 'Claude Code'],
])('a device of %s that calls itself %s is “%s”', (surface, userAgent, name) => {
  expect(deviceName(surface, userAgent)).toBe(name);
});
