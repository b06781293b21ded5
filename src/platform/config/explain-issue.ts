import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** How the words begin that the schema library has for those who write programs. */
const STOCK = /^(Invalid (input|option)|Too (small|big)|Unrecognized)/;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

const boundOf = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  const [word, bound] = issue.code === 'too_small' ? ['least', issue.minimum] : ['most', issue.maximum];
  if (issue.origin === 'string') return `must have at ${word} ${bound} characters`;
  if (issue.origin === 'array') return `must have at ${word} ${bound} entries`;
  return `must be at ${word} ${bound}`;
};

/** What is wrong with a setting, to be read behind its name; issues with words of our own keep these. */
export const explainIssue = (issue: Issue): string => {
  if (!STOCK.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
    case 'too_big':
      return boundOf(issue);
    case 'unrecognized_keys':
      return `has no ${issue.keys.map((key) => `“${key}”`).join(', ')}`;
    default:
      return issue.message;
  }
};
