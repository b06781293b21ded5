import { isComplex, isList, type Resource } from './value.ts';

/** What a member takes over from an identity provider. */
export type Profile = { readonly email: string; readonly name: string };

const text = (resource: Resource, key: string, part?: string): string | undefined => {
  const value = resource.get(key);
  const found = part === undefined ? value : isComplex(value) ? value.get(part) : undefined;
  return typeof found === 'string' && found.trim() !== '' ? found.trim() : undefined;
};

/**
 * The address and the name of a person: the main e-mail address, else the first of type work, else the first, else the
 * user name; the display name, else the formatted one, else given and family name, else the user name.
 */
export const profileOf = (resource: Resource): Profile => {
  const userName = text(resource, 'userName') ?? '';
  const names = [text(resource, 'name', 'givenName'), text(resource, 'name', 'familyName')].filter(Boolean).join(' ');
  const name = text(resource, 'displayName') ?? text(resource, 'name', 'formatted') ?? (names || userName);
  return { email: addressOf(resource) ?? userName, name };
};

const addressOf = (resource: Resource): string | undefined => {
  const emails = resource.get('emails');
  const withValue = (isList(emails) ? emails : []).filter((one) => String(one.get('value') ?? '').trim() !== '');
  const chosen =
    withValue.find((one) => one.get('primary') === true) ??
    withValue.find((one) => String(one.get('type')).toLowerCase() === 'work') ??
    withValue[0];
  return chosen && String(chosen.get('value')).trim();
};

/** The domain of an address in small letters; empty for what is no address. */
export const domainOf = (email: string): string => {
  const at = email.lastIndexOf('@');
  return at === -1 ? '' : email.slice(at + 1).toLowerCase();
};
