import { type AnyEndpoint, ApiError } from '../../platform/contract.ts';
import { saveFile } from '../kit/save-file.ts';

type Query = Readonly<Record<string, string | undefined>>;

const searchOf = (query: Query): string => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

const nameIn = (response: Response): string =>
  /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'remit.csv';

/** Hands the file an endpoint answers to the person; throws `ApiError` where it answers something else. */
export const download = async ({ path }: Pick<AnyEndpoint, 'path'>, query: Query = {}): Promise<void> => {
  const response = await fetch(path + searchOf(query), { headers: { 'remit-console': 'active' } });
  if (!response.ok)
    throw new ApiError(
      response.status,
      await response.json().catch(() => undefined),
      response.headers.get('request-id'),
    );
  saveFile(nameIn(response), 'text/csv', [await response.blob()]);
};
