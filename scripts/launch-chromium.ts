import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts the browser. */
const CHROMIUM = '/usr/bin/chromium';

// A plain browser that asks nobody on the network for anything but the page.
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the system's Chromium without a window; rejects with one line that says what to do when there is none. */
export const launchChromium = async (): Promise<Browser> => {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is missing. Install it: apt-get install chromium`);
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS });
};
