import { Stack } from '@mantine/core';
import { CodeBlock } from '../kit/code-block.tsx';

/** Lines that point Claude Code and the SDK at this server. Without a key they hold a place for one. */
export const ConnectLines = ({ apiKey = 'your-key' }: { readonly apiKey?: string }) => {
  const { origin } = window.location;
  return (
    <Stack gap="md">
      <CodeBlock
        title="Claude Code"
        code={`export ANTHROPIC_BASE_URL=${origin}\nexport ANTHROPIC_AUTH_TOKEN=${apiKey}\nclaude`}
      />
      <CodeBlock
        title="SDK (TypeScript)"
        code={`import Anthropic from '@anthropic-ai/sdk';\n\nconst client = new Anthropic({\n  baseURL: '${origin}',\n  apiKey: '${apiKey}',\n});`}
      />
    </Stack>
  );
};
