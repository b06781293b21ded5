import { PageSteps } from './page-steps.tsx';

type Props = {
  readonly page: { readonly has_more: boolean; readonly next_page: string | null };
  /** The cursors of the pages after the first that lead to this one; empty on the first page. */
  readonly trail: readonly string[];
  readonly onMove: (trail: readonly string[]) => void;
};

/** Steps through a list that the server pages by cursors. */
export const CursorSteps = ({ page, trail, onMove }: Props) => (
  <PageSteps page={{ has_more: page.has_more, last_id: page.next_page }} trail={trail} onMove={onMove} />
);
