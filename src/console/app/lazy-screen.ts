import { lazyRouteComponent } from '@tanstack/react-router';

type Importer<Module> = () => Promise<Module>;

const isServerThere = (): Promise<boolean> =>
  fetch('/healthz', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * A screen that is a chunk of its own. Where a chunk is gone after an upgrade the router loads the console anew; that
 * would end in the browser's own error page while the server is away, so then the page says so and can be tried again.
 */
export const screen = <Module extends Record<string, unknown>>(
  load: Importer<Module>,
  name: keyof Module & string,
): ReturnType<typeof lazyRouteComponent<Module>> =>
  lazyRouteComponent(async () => {
    try {
      return await load();
    } catch (error) {
      if (await isServerThere()) throw error;
      throw new Error('The server could not be reached.', { cause: error });
    }
  }, name);
