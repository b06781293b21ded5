import { parseArgs } from 'node:util';
import { failToStart } from '../lifecycle.ts';
import { runDemo } from './run-demo.ts';

const readOptions = () => {
  const { values } = parseArgs({ options: { quiet: { type: 'boolean' }, days: { type: 'string', default: '30' } } });
  return { isQuiet: values.quiet === true, days: Number(values.days) };
};

try {
  await runDemo(readOptions());
} catch (error) {
  failToStart(error);
}
