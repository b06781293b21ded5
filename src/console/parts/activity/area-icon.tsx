import {
  IconBuilding,
  IconCoin,
  IconCpu,
  IconFingerprint,
  IconKey,
  IconLogin2,
  IconPlugConnected,
  IconShieldCheck,
  IconUser,
  IconUsersGroup,
} from '@tabler/icons-react';
import { type Area, sentenceFor } from './vocabulary.ts';

const ICONS: Readonly<Record<Area, typeof IconUser>> = {
  members: IconUser,
  groups: IconUsersGroup,
  roles: IconShieldCheck,
  models: IconCpu,
  keys: IconKey,
  'sign-in': IconLogin2,
  identity: IconFingerprint,
  connectors: IconPlugConnected,
  spend: IconCoin,
  organisation: IconBuilding,
};

/** A small picture of the area an activity belongs to; the sentence beside it says what it is. */
export const AreaIcon = ({ type }: { readonly type: string }) => {
  const Icon = ICONS[sentenceFor(type)?.area ?? 'organisation'];
  return <Icon size={17} stroke={1.6} aria-hidden />;
};
