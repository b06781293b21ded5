import { Alert } from '@mantine/core';

type Props = { readonly result: { readonly is_delivered: boolean; readonly answer: string } | undefined };

/** What a test message came to; nothing before there is a result. */
export const TestResult = ({ result }: Props) =>
  result === undefined ? null : (
    <Alert
      color={result.is_delivered ? 'blue' : 'red'}
      title={result.is_delivered ? 'It was delivered' : 'It was not delivered'}
      role="status"
    >
      {result.answer}
    </Alert>
  );
