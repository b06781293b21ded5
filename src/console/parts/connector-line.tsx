import { CodeBlock } from '../kit/code-block.tsx';

type Props = { readonly slug: string; readonly url: string };

/** The line that adds a connector to Claude Code, with the key taken from the environment. */
export const ConnectorLine = ({ slug, url }: Props) => (
  <CodeBlock
    title="Claude Code"
    code={`claude mcp add --transport http ${slug} ${url} \\\n  --header "Authorization: Bearer $ANTHROPIC_AUTH_TOKEN"`}
  />
);
