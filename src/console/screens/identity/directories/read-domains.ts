/** Domains as somebody typed them: separated by commas, spaces or lines, with or without an @ before them. */
export const readDomains = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map((domain) => domain.replace(/^@/, '').toLowerCase())
    .filter((domain) => domain !== '');
