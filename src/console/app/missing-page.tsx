import { IconMapOff } from '@tabler/icons-react';
import { ButtonLink } from '../kit/links.tsx';
import { PageHeader } from '../kit/page-header.tsx';
import { Nothing } from '../kit/states.tsx';

/** An address that leads nowhere. */
export const MissingPage = () => (
  <main style={{ padding: 24 }}>
    <PageHeader title="Page not found" />
    <Nothing
      title="There is no page at this address"
      icon={<IconMapOff size={26} stroke={1.5} aria-hidden />}
      action={
        <ButtonLink to="/" variant="default">
          Go to the start
        </ButtonLink>
      }
    >
      The link may be old, or a letter of it may be missing.
    </Nothing>
  </main>
);
