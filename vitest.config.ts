import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Three kinds of test, three projects: `unit` sits beside the file it speaks of, `wire` starts real servers on real
 * sockets, `browser` drives Chromium. CONTRIBUTING.md says where each kind goes.
 */
export default defineConfig({
  test: {
    // Tests mostly wait: for servers, databases and processes of their own.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'tests/architecture.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'wire',
          include: ['tests/wire/**/*.test.ts', 'tests/clients/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
