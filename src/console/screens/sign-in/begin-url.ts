/** Where a provider's sign-in begins, with the page of the console to come back to. */
export const beginUrl = (url: string, next: string | undefined): string =>
  next === undefined ? url : `${url}?${new URLSearchParams({ next })}`;
