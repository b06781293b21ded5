import { Text, VisuallyHidden } from '@mantine/core';

type Props = { readonly asked: string | null; readonly used: string | null; readonly none?: string };

/** What was asked for and, where it differs, what was used instead. */
export const AskedUsed = ({ asked, used, none = '–' }: Props) => {
  if (asked === used || used === null || asked === null) return <>{(used ?? asked) || none}</>;
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <Text span inherit c="dimmed">
        <VisuallyHidden>asked </VisuallyHidden>
        {asked}
      </Text>
      <VisuallyHidden>, used</VisuallyHidden>
      <span aria-hidden> → </span>
      {used}
    </span>
  );
};
