import type { PolicyFile } from './file-format.ts';
import type {
  Declared,
  DeclaredModels,
  DeclaredOrganisation,
  DeclaredRole,
  ModelWord,
  Path,
} from './rules/declared.ts';

/** Something that is said in two files, by their places in the list. */
type Twice = { readonly path: Path; readonly files: readonly [first: number, second: number] };

type Sections = Omit<PolicyFile, 'remit'>;
type Section = keyof Sections;

const SECTIONS: readonly Section[] = ['organisation', 'roles', 'groups', 'members', 'connectors', 'workspaces', 'keys'];

/** Collects the entries of one section over all files; the first to say something keeps it. */
const collect = (files: readonly Sections[], section: Section) => {
  const said = new Map<string, { readonly file: number; readonly value: unknown }>();
  const twice: Twice[] = [];
  for (const [file, content] of files.entries())
    for (const [name, value] of Object.entries(content[section] ?? {})) {
      const first = said.get(name);
      if (first === undefined) said.set(name, { file, value });
      else twice.push({ path: [section, name], files: [first.file, file] });
    }
  return { entries: Object.fromEntries([...said].map(([name, { value }]) => [name, value])), twice };
};

// Readers of YAML 1.1 and people who are used to them write on and off as true and false.
const wordOf = (word: ModelWord | boolean): ModelWord => (typeof word === 'boolean' ? (word ? 'on' : 'off') : word);

const switchOf = (word: 'on' | 'off' | boolean): 'on' | 'off' => (word === true || word === 'on' ? 'on' : 'off');

const switchesOf = (words: Readonly<Record<string, 'on' | 'off' | boolean>>): Readonly<Record<string, 'on' | 'off'>> =>
  Object.fromEntries(Object.entries(words).map(([name, word]) => [name, switchOf(word)]));

type Words = Readonly<Record<string, ModelWord | boolean>>;

const modelsOf = (words: Words): DeclaredModels =>
  Object.fromEntries(Object.entries(words).map(([model, word]) => [model, wordOf(word)]));

const toOrganisation = ({
  models,
  new_models,
  capabilities,
  ...rest
}: NonNullable<PolicyFile['organisation']>): DeclaredOrganisation => ({
  ...rest,
  ...(models === undefined ? {} : { models: modelsOf(models) }),
  ...(new_models === undefined ? {} : { new_models: switchOf(new_models) }),
  ...(capabilities === undefined ? {} : { capabilities: switchesOf(capabilities) }),
});

const toRole = ({ models, ...rest }: NonNullable<PolicyFile['roles']>[string]): DeclaredRole => ({
  ...rest,
  ...(models === undefined ? {} : { models: models === 'all' ? models : modelsOf(models) }),
});

/** Puts files together. Each thing is said in one of them; what two say is answered, and the first holds. */
export const mergeFiles = (
  files: readonly PolicyFile[],
): { readonly declared: Declared; readonly twice: readonly Twice[] } => {
  const collected = SECTIONS.map((section) => [section, collect(files, section)] as const);
  const { organisation, roles, ...rest } = Object.fromEntries(
    collected.map(([section, { entries }]) => [section, entries]),
  ) as { readonly [S in Section]: NonNullable<PolicyFile[S]> };
  return {
    declared: {
      ...rest,
      organisation: toOrganisation(organisation),
      roles: Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, toRole(role)])),
    },
    twice: collected.flatMap(([, { twice }]) => twice),
  };
};
