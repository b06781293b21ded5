import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { securityQuery } from '../../data/sign-in.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { DevicesSection } from './devices-section.tsx';
import { Identities } from './identities.tsx';
import { PasswordSection } from './password-section.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** How I sign in, what protects that, and where I am signed in. */
export const SecurityScreen = () => {
  const security = useQuery(securityQuery);
  return (
    <Stack gap="lg">
      <Loadable query={security} lines={6} framed>
        {(data) => (
          <>
            <PasswordSection security={data} />
            <SecondFactorSection security={data} />
            {data.identities.length > 0 && <Identities identities={data.identities} />}
          </>
        )}
      </Loadable>
      <SessionsSection />
      <DevicesSection />
    </Stack>
  );
};
