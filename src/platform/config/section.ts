import type { z } from 'zod';

/** One key of the configuration: its schema, the environment variable that can set it, and whether it prints. */
export type Setting<Schema extends z.ZodType = z.ZodType> = {
  readonly schema: Schema;
  readonly env?: string;
  readonly secret?: boolean;
  readonly help: string;
};

/** The settings one room owns. Keys are the config file's keys, in snake_case, units last. */
export type Section<Settings extends Readonly<Record<string, Setting>> = Readonly<Record<string, Setting>>> = {
  readonly title: string;
  readonly settings: Settings;
};

export type ConfigOf<S extends Section> = {
  readonly [Key in keyof S['settings']]: z.output<S['settings'][Key]['schema']>;
};

/** Declares a section and keeps its exact types. */
export const section = <const Settings extends Readonly<Record<string, Setting>>>(
  title: string,
  settings: Settings,
): Section<Settings> => ({ title, settings });
