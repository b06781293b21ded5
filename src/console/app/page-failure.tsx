import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { PageHeader } from '../kit/page-header.tsx';
import { Failed } from '../kit/states.tsx';

/** A page that broke: what is known of the cause, and a way to try again. */
export const PageFailure = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter();
  return (
    <main style={{ padding: 24 }}>
      <PageHeader title="Something went wrong" />
      <Failed
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
};
