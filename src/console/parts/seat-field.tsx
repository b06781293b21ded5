import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usePermission } from '../data/session.ts';
import { seatTiersQuery } from '../data/spend-limits.ts';

/** What organisations call their seats most often; any other name may be typed. */
const USUAL_SEATS = ['standard', 'premium'];

const NAME_MAX = 64;

type Props = {
  readonly label: string;
  /** Beside other small fields, named for screen readers; otherwise under its label. */
  readonly place?: 'bar' | 'form';
  readonly description?: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly disabled?: boolean;
  /** Seat types known beside those that members have. */
  readonly others?: readonly string[];
  readonly onChange: (seat: string) => void;
};

/** A type of seat: one that is known here, or a name of one's own. */
export const SeatField = ({ label, place = 'form', others = [], ...rest }: Props) => {
  const { held } = usePermission('billing:view');
  const known = useQuery({ ...seatTiersQuery, enabled: held }).data ?? [];
  const seats = [...known.map(({ seat_tier }) => seat_tier), ...others, ...USUAL_SEATS];
  return (
    <Autocomplete
      {...(place === 'form' ? { label } : { 'aria-label': label, size: 'xs' })}
      placeholder="For example premium"
      maxLength={NAME_MAX}
      data={[...new Set(seats)]}
      {...rest}
    />
  );
};
