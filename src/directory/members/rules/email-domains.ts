const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** A domain as it is compared: small letters, ASCII (IDNA), no leading `@`; undefined for what is none. */
export const foldDomain = (text: string): string | undefined => {
  const written = text.trim().toLowerCase().replace(/^@/, '');
  const host = URL.parse(`http://${written}`)?.hostname ?? '';
  return DOMAIN.test(host) && !/[/:?#@]/.test(written) ? host : undefined;
};

/** The domain of an e-mail address, folded; undefined when it has none. */
export const domainOf = (email: string): string | undefined => foldDomain(email.slice(email.lastIndexOf('@') + 1));

/** Whether an address may belong to a member: any may where no domains are listed (null); subdomains are others. */
export const allowsEmail = (domains: readonly string[] | null, email: string): boolean => {
  if (domains === null) return true;
  const domain = domainOf(email);
  return domain !== undefined && domains.includes(domain);
};
