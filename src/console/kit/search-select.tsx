import { Select } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { sentenceOf } from './error-words.ts';
import type { Reading } from './reading.ts';

const TYPING_PAUSE_MS = 250;

type Option = { readonly value: string; readonly label: string };

/** Where it stands: `bar`, small beside other filters and named for screen readers; `form`, under its label. */
type Place = 'bar' | 'form';

/** What every picker of one thing among many shares. */
export type PickerProps = {
  readonly label: string;
  readonly placeholder: string;
  /** The id of what is chosen; an id of something else is shown as it is. */
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
  readonly place?: Place;
  readonly disabled?: boolean;
};

type Props = PickerProps & {
  /** What the choice is called, once that is known. */
  readonly chosen: string | undefined;
  /** What the server found for the text searched for. */
  readonly found: readonly Option[];
  readonly nothingFound: string;
  /** How the search itself went; without one it cannot fail. */
  readonly reading?: Pick<Reading<unknown>, 'error' | 'refetch'>;
  /** Asks for what contains a text, after a pause in typing; empty for anything. */
  readonly onSearch: (text: string) => void;
};

/** Finds one thing by typing part of its name; the server searches, so that it works for any number of them. */
export const SearchSelect = ({ label, value, chosen, found, onSearch, onChange, place = 'bar', ...rest }: Props) => {
  const { reading } = rest;
  const problem = reading?.error ?? null;
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState<Option | undefined>(undefined);
  const name = chosen ?? (picked?.value === value ? picked?.label : value);
  const shown = value === undefined ? '' : (name ?? value);
  // What is shown of a choice is no search of its own.
  const search = useDebouncedCallback((text: string) => onSearch(text === shown ? '' : text), TYPING_PAUSE_MS);
  const isListed = value === undefined || found.some((option) => option.value === value);
  return (
    <Select
      {...(place === 'form' ? { label } : { 'aria-label': label, size: 'xs', w: 210 })}
      placeholder={rest.placeholder}
      disabled={rest.disabled ?? false}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': rest.placeholder }}
      nothingFoundMessage={problem === null ? rest.nothingFound : sentenceOf(problem)}
      onDropdownOpen={() => problem !== null && void reading?.refetch()}
      filter={({ options: all }) => all}
      data={isListed ? [...found] : [{ value, label: shown }, ...found]}
      value={value ?? null}
      searchValue={typed}
      onSearchChange={(text) => {
        setTyped(text);
        search(text);
      }}
      onChange={(next, option) => {
        setPicked(option ?? undefined);
        onChange(next ?? undefined);
      }}
    />
  );
};
