import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What has been compiled once (and stripped of its types) is read from disk at the next start: quicker, and a quarter
// less memory, because the compiler need not be loaded; which is also why this is JavaScript. Where the folder cannot be
// written, everything works without.
const { directory } = enableCompileCache(join(import.meta.dirname, '..', '.cache', 'compiled'));
// Worker threads read it from here.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory;
