import type { Directory } from '../../../../directory/contract.ts';
import { DotLabel } from '../../../kit/dot-label.tsx';

/** Whether what arrives takes effect. */
export const ModeLabel = ({ mode }: { readonly mode: Directory['mode'] }) =>
  mode === 'live' ? <DotLabel tone="good">Live</DotLabel> : <DotLabel tone="quiet">Preview</DotLabel>;
