import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Axe = { readonly axe: { run(options: unknown): Promise<AxeResults> } };

/** `colours` judges only what another scheme of colours can change. */
type Scope = 'everything' | 'colours';

const OPTIONS = {
  everything: { resultTypes: ['violations'] },
  colours: { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] },
} as const;

/** Runs in the page: resolves when nothing moves any more but what never stops. */
const FINISH_TRANSITIONS = `Promise.all(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished.catch(() => undefined))
).then(() => undefined)`;

/** What axe finds wrong on the page as it stands, `serious` and `critical` only: one line for each rule and element. */
export const seriousFaults = async (page: Page, scope: Scope = 'everything'): Promise<readonly string[]> => {
  // A colour on its way to another one is neither of the two that were designed.
  await page.evaluate(FINISH_TRANSITIONS);
  await page.evaluate(source);
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as Axe).axe.run(options),
    OPTIONS[scope],
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map(({ target, html }) => `${id}: ${help} at ${target} ${html}`));
};
