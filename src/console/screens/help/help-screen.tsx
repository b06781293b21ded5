import { IconBook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lexer, type Token } from 'marked';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { Nothing } from '../../kit/states.tsx';
import { INDEX, readGuide } from './guides.ts';
import { Markdown } from './markdown.tsx';

type Guide = { readonly title: string; readonly tokens: readonly Token[] };

const BACK = { to: '/help', label: 'Guides' };

const isTitle = (token: Token): boolean => token.type === 'heading' && token.depth === 1;

/** A page's words, with its first heading as the title. Comments are for whoever edits the file. */
const parse = (markdown: string): Guide => {
  const tokens: readonly Token[] = lexer(markdown.replaceAll(/<!--.*?-->/gs, ''));
  const title = tokens.find(isTitle);
  return {
    title: title !== undefined && 'text' in title ? String(title.text) : 'Guide',
    tokens: tokens.filter((token) => token !== title),
  };
};

const load = async (name: string): Promise<Guide | null> => {
  const markdown = await readGuide(name);
  return markdown === undefined ? null : parse(markdown);
};

/** The guides, in the words of the folder they are written in. */
export const HelpScreen = () => {
  const { guide = INDEX } = useParams({ strict: false });
  const query = useQuery({
    queryKey: ['guide', guide],
    queryFn: () => load(guide),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const back = guide === INDEX ? {} : { back: BACK };
  return (
    <>
      <PageHeader title={query.data?.title ?? 'Guide'} {...back} />
      <Loadable
        query={query}
        framed
        lines={14}
        isEmpty={(data) => data === null}
        empty={
          <Nothing title="There is no such guide" icon={<IconBook size={26} stroke={1.5} aria-hidden />}>
            The link may be old. All guides are listed under Guides.
          </Nothing>
        }
      >
        {(data) => data !== null && <Markdown tokens={data.tokens} />}
      </Loadable>
    </>
  );
};
