import { encode } from 'uqr';

type Props = { readonly text: string; readonly label: string };

/** A text as a QR code, black on white whatever the colours of the page are: cameras read nothing else as well. */
export const QrCode = ({ text, label }: Props) => {
  const { data, size } = encode(text, { border: 3 });
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg viewBox={`0 0 ${size} ${size}`} width={208} height={208} role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join('')} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
};
