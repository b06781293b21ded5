import { useQuery } from '@tanstack/react-query';
import { myRoleQuery } from '../../data/role-rights.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { EffectiveCapabilities } from '../../parts/effective-role.tsx';

/** The products and tools the person signed in may use, and what stops the others. */
export const MyCapabilities = () => {
  const role = useQuery(myRoleQuery);
  return (
    <SectionCard
      title="What you may use"
      description="The products and tools that your roles give you, within what the organisation allows. Ask an administrator for what is missing."
      flush
    >
      <Loadable query={role} lines={10}>
        {(data) => <EffectiveCapabilities role={data} linked={false} />}
      </Loadable>
    </SectionCard>
  );
};
