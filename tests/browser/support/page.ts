import type { Locator, Page } from 'playwright-core';

/** What a part of the page shows to a reader, on one line; nothing where it is not there. */
export const wordsOf = async (part: Locator): Promise<string> =>
  (await part.allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ');

/** Waits until the page shows a text; rejects with what it shows instead. */
export const seeText = async (within: Page | Locator, text: string | RegExp): Promise<void> => {
  try {
    await within.getByText(text).filter({ visible: true }).first().waitFor();
  } catch {
    throw new Error(
      `“${text}” is not shown, but:\n${await wordsOf('goto' in within ? within.locator('body') : within)}`,
    );
  }
};

/** Waits until the page's h1 reads so. */
export const seeTitle = (page: Page, title: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();

/** Presses a button by its name. */
export const press = (within: Page | Locator, name: string): Promise<void> =>
  within.getByRole('button', { name, exact: true }).click();

/** Goes to a page by the navigation. */
export const follow = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  await seeTitle(page, name);
};

/** The dialog or drawer that is open, by its title. */
export const dialog = (page: Page, title: string | RegExp): Locator => page.getByRole('dialog', { name: title });

/** Picks one entry of a list that is narrowed by typing. */
export const pick = async (page: Page, label: string, entry: string): Promise<void> => {
  await page.getByRole('combobox', { name: label, exact: true }).fill(entry);
  await page.getByRole('option', { name: entry }).click();
};

const TABS_MAX = 200;

/** Whether what is typed goes there. */
export const hasFocus = (wanted: Locator): Promise<boolean> =>
  wanted.evaluate((element) => element === element.ownerDocument.activeElement);

/** Presses Tab until something has the focus; rejects when the keyboard cannot reach it. */
export const tabTo = async (page: Page, wanted: Locator): Promise<void> => {
  await wanted.waitFor();
  for (let pressed = 0; pressed < TABS_MAX; pressed++) {
    if (await hasFocus(wanted)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${wanted}`);
};
