const CENTS_PER_DOLLAR = 100;

/** Cents as the wire writes them, in US dollars for people: `-150` is `-$1.50`. */
export const dollars = (cents: string): string => {
  const usd = Number(cents) / CENTS_PER_DOLLAR;
  const text = Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${usd < 0 ? '-' : ''}$${text}`;
};

/** The day that it is now (UTC), as `YYYY-MM-DD`. */
export const today = (): string => new Date().toISOString().slice(0, 10);
