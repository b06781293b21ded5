import { Modal } from '@mantine/core';
import { Enrol } from './enrol.tsx';

type Props = {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCodes: (codes: readonly string[]) => void;
};

/** Setting up a second factor, on top of the page. */
export const EnrolDialog = ({ opened, onClose, onCodes }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Set up a second factor" returnFocus>
    {opened && (
      <Enrol
        onCancel={onClose}
        onEnrolled={(codes) => {
          onClose();
          onCodes(codes);
        }}
      />
    )}
  </Modal>
);
