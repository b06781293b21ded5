import { Anchor, Code, Divider, Table, Title } from '@mantine/core';
import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { CopyText } from '../../kit/copy-text.tsx';
import { TextLink } from '../../kit/links.tsx';
import { ScrollFrame } from '../../kit/scroll-frame.tsx';
import { pictureAt, targetOf } from './guides.ts';
import classes from './markdown.module.css';

/**
 * Markdown as elements of the console. No HTML is made of it or taken from it: what is not known here, tags included,
 * appears as the text it is written as.
 */
export const Markdown = ({ tokens }: { readonly tokens: readonly Token[] }) => (
  <div className={`card ${classes.text}`}>{childrenOf(tokens)}</div>
);

const childrenOf = (tokens: readonly Token[] | undefined): ReactNode =>
  (tokens ?? []).map((token, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change while it is shown.
    <Fragment key={place}>{isKnown(token) ? elementOf(token) : token.raw}</Fragment>
  ));

/** Extensions could bring other kinds; none is in use. */
const isKnown = (token: Token): token is MarkedToken => !('childTokens' in token);

const elementOf = (token: MarkedToken): ReactNode => {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return <Title order={token.depth === 2 ? 2 : 3}>{childrenOf(token.tokens)}</Title>;
    case 'paragraph':
      return <p>{childrenOf(token.tokens)}</p>;
    case 'text':
      return 'tokens' in token && token.tokens !== undefined ? childrenOf(token.tokens) : plain(token.text);
    case 'strong':
      return <strong>{childrenOf(token.tokens)}</strong>;
    case 'em':
      return <em>{childrenOf(token.tokens)}</em>;
    case 'codespan':
      return <Code>{here(token.text)}</Code>;
    case 'br':
      return <br />;
    case 'hr':
      return <Divider my="lg" />;
    case 'blockquote':
      return <blockquote>{childrenOf(token.tokens)}</blockquote>;
    case 'code':
      return <Lines code={here(token.text)} />;
    case 'list':
      return <Items list={token} />;
    case 'table':
      return <Cells table={token} />;
    case 'link':
      return <Link link={token} />;
    case 'image':
      return <Picture image={token} />;
    default:
      return token.raw;
  }
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};

const plain = (text: string): string =>
  text.replaceAll(/&(?:lt|gt|amp|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);

/** The guides speak of the address a first start has; here they name the one that is really used. */
const here = (code: string): string => code.replaceAll('http://127.0.0.1:8484', window.location.origin);

const Lines = ({ code }: { readonly code: string }) => (
  <div className={classes.code}>
    <ScrollFrame label="Example">
      <Code block style={{ width: 'max-content', minWidth: '100%', paddingRight: 48 }}>
        {code}
      </Code>
    </ScrollFrame>
    <div className={classes.copy}>
      <CopyText value={code} label="Copy the example" />
    </div>
  </div>
);

const Items = ({ list }: { readonly list: Tokens.List }) => {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change while it is shown.
  const items = list.items.map((item, place) => <li key={place}>{childrenOf(item.tokens)}</li>);
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>;
};

const Cells = ({ table }: { readonly table: Tokens.Table }) => (
  <ScrollFrame label="Table" className={classes.table}>
    <Table fz="sm">
      <thead>
        <tr>
          {table.header.map((cell) => (
            <th key={cell.text} scope="col">
              {childrenOf(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row) => (
          <tr key={row.map(({ text }) => text).join('|')}>
            {row.map((cell, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change while it is shown.
              <td key={place}>{childrenOf(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  </ScrollFrame>
);

/** A picture in the width of the text; opened, it shows in its own. */
const Picture = ({ image }: { readonly image: Tokens.Image }) => (
  <a href={pictureAt(image.href)} target="_blank" rel="noreferrer">
    <img className={classes.picture} src={pictureAt(image.href)} alt={image.text} loading="lazy" />
  </a>
);

const Link = ({ link }: { readonly link: Tokens.Link }) => {
  const target = targetOf(link.href);
  if ('guide' in target)
    return (
      <TextLink to="/help/$guide" params={{ guide: target.guide }} inherit underline="always">
        {childrenOf(link.tokens)}
      </TextLink>
    );
  // Only addresses of the web and of this server: nothing that would run.
  if (!/^(?:https?:\/\/|\/)/.test(target.href)) return childrenOf(link.tokens);
  return (
    <Anchor href={target.href} inherit underline="always">
      {childrenOf(link.tokens)}
    </Anchor>
  );
};
