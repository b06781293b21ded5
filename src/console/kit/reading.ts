/** As much of a query as the four states need. */
export type Reading<Data> = {
  readonly data: Data | undefined;
  /** Why it could not be read, or not be read again; null while nothing is wrong. */
  readonly error: unknown;
  readonly isFetching?: boolean;
  readonly refetch: () => unknown;
};

/** Two readings that a section shows as one: there once both are, and read again together. */
export const joinReadings = <One, Other>(one: Reading<One>, other: Reading<Other>): Reading<readonly [One, Other]> => ({
  data: one.data === undefined || other.data === undefined ? undefined : [one.data, other.data],
  error: one.error ?? other.error,
  isFetching: one.isFetching === true || other.isFetching === true,
  refetch: () => {
    for (const reading of [one, other]) if (reading.error !== null) reading.refetch();
  },
});
