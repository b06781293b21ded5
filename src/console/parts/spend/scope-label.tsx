import { Stack, Text } from '@mantine/core';
import { TextLink } from '../../kit/links.tsx';
import { namedBy, SCOPE_WORDS, type Scope } from './words.ts';

type Props = {
  readonly scope: Scope;
  /** What an id is called; the id itself where nobody knows. */
  readonly nameOf: (id: string) => string;
};

/** Whose limit it is: the name, which leads to its page, and below it what kind of limit. */
export const ScopeLabel = ({ scope, nameOf }: Props) => {
  const named = namedBy(scope);
  const kind = SCOPE_WORDS[scope.type].name;
  if (named === null)
    return (
      <Stack gap={0}>
        <Text size="sm" fw={500}>
          {scope.type === 'seat_tier' ? scope.seat_tier : kind}
        </Text>
        {scope.type === 'seat_tier' && <Kind>{kind}</Kind>}
      </Stack>
    );
  return (
    <Stack gap={0}>
      <Name kind={named.kind} id={named.id}>
        {nameOf(named.id)}
      </Name>
      <Kind>{kind}</Kind>
    </Stack>
  );
};

const Kind = ({ children }: { readonly children: string }) => (
  <Text size="xs" c="dimmed">
    {children}
  </Text>
);

type NameProps = { readonly kind: string; readonly id: string; readonly children: string };

const Name = ({ kind, id, children }: NameProps) => {
  if (kind === 'member')
    return (
      <TextLink to="/members/$userId" params={{ userId: id }} size="sm" fw={500}>
        {children}
      </TextLink>
    );
  if (kind === 'group')
    return (
      <TextLink to="/groups/$groupId" params={{ groupId: id }} size="sm" fw={500}>
        {children}
      </TextLink>
    );
  return (
    <Text size="sm" fw={500}>
      {children}
    </Text>
  );
};
