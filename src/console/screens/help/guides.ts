type Loads = Readonly<Record<string, () => Promise<string>>>;

/** The written guides and the pages of reference they lead to: each is a chunk, read when it is opened. */
const PAGES: Loads = {
  ...import.meta.glob<string>('../../../../docs/guides/*.md', { query: '?raw', import: 'default' }),
  ...import.meta.glob<string>('../../../../docs/reference/*.md', { query: '?raw', import: 'default' }),
};

const IMAGES = import.meta.glob<string>('../../../../docs/guides/images/*.png', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** The name under which the list of all guides is written. */
export const INDEX = 'README';

const nameOf = (path: string): string => path.replace(/^.*\//, '').replace(/\.md$/, '');

/** The Markdown of a page by its name; undefined when there is none. */
export const readGuide = async (name: string): Promise<string | undefined> => {
  const found = Object.entries(PAGES).find(([path]) => nameOf(path) === name);
  return found?.[1]();
};

/** Where the console keeps a picture that a guide names by its path beside the guide; undefined when there is none. */
export const pictureAt = (path: string): string | undefined =>
  Object.entries(IMAGES).find(([known]) => known.endsWith(`/guides/${path}`))?.[1];

/** What a link in a guide leads to: another page by its name, or an address as it is written. */
export const targetOf = (href: string): { readonly guide: string } | { readonly href: string } =>
  /^[\w./-]+\.md(?:#.*)?$/.test(href) ? { guide: nameOf(href.replace(/#.*$/, '')) } : { href };
