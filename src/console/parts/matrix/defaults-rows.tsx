import { NativeSelect } from '@mantine/core';
import type { ModelAccess, ModelMatrix, PolicyEdit } from '../../../access/contract.ts';
import { EFFORTS, type Effort } from '../../../kernel/index.ts';
import { EffortSelect } from '../../kit/effort-select.tsx';
import { type Draft, isRoleDefaultChanged, isSettingChanged } from './draft.ts';
import classes from './matrix.module.css';

type Roles = ModelMatrix['roles'];

type Props = {
  readonly view: ModelMatrix;
  readonly roles: Roles;
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly organisationFixed: boolean;
  readonly onEdit: (edit: PolicyEdit) => void;
};

/** The rows on top of the matrix: with which model and effort people begin. */
export const DefaultsRows = ({ view, roles, draft, disabled, organisationFixed, onEdit }: Props) => {
  const enabled = view.models.filter((model) => model.enabled);
  const { settings } = view;
  const toOrganisation = (value: { default_model?: string | null; default_effort?: Effort | null }) =>
    onEdit({ type: 'organization_settings', ...value });
  return (
    <tbody>
      <tr>
        <th scope="row" className={classes.model}>
          Default model
          <span className={classes.sub}>Where people begin; they may choose another</span>
        </th>
        <td className={mark(classes.organisation, isSettingChanged(draft, 'default_model'))}>
          <ModelSelect
            label="Default model of the organisation"
            none="Recommended"
            value={settings.default_model}
            models={withChosen(enabled, view.models, settings.default_model)}
            disabled={disabled || organisationFixed}
            onChange={(default_model) => toOrganisation({ default_model })}
          />
        </td>
        {roles.map((role) => (
          <td key={role.role_id} className={mark('', isRoleDefaultChanged(draft, role.role_id, 'default_model'))}>
            <ModelSelect
              label={`Default model of ${role.display_name}`}
              none="Organisation’s"
              value={role.default_model}
              models={withChosen(grantedBy(role, enabled), view.models, role.default_model)}
              disabled={disabled}
              onChange={(default_model) => onEdit({ type: 'role_defaults', role_id: role.role_id, default_model })}
            />
          </td>
        ))}
        <td className={classes.filler} />
      </tr>
      <tr>
        <th scope="row" className={classes.model}>
          Default effort
        </th>
        <td className={mark(classes.organisation, isSettingChanged(draft, 'default_effort'))}>
          <EffortSelect
            label="Default effort of the organisation"
            variant="unstyled"
            size="xs"
            none="Recommended"
            value={settings.default_effort}
            offered={EFFORTS}
            disabled={disabled || organisationFixed}
            onChange={(default_effort) => toOrganisation({ default_effort })}
          />
        </td>
        {roles.map((role) => (
          <td key={role.role_id} className={mark('', isRoleDefaultChanged(draft, role.role_id, 'default_effort'))}>
            <EffortSelect
              label={`Default effort of ${role.display_name}`}
              variant="unstyled"
              size="xs"
              none="Organisation’s"
              value={role.default_effort}
              offered={EFFORTS}
              disabled={disabled}
              onChange={(default_effort) => onEdit({ type: 'role_defaults', role_id: role.role_id, default_effort })}
            />
          </td>
        ))}
        <td className={classes.filler} />
      </tr>
    </tbody>
  );
};

const mark = (base: string | undefined, changed: boolean): string => `${base ?? ''} ${changed ? classes.changed : ''}`;

const grantedBy = (role: Roles[number], enabled: readonly ModelAccess[]): readonly ModelAccess[] =>
  enabled.filter(
    (model) => model.always_available || role.models.some((own) => own.model === model.model && own.enabled),
  );

/** A default that has been switched off stays visible, so that one sees what must be changed. */
const withChosen = (
  offered: readonly ModelAccess[],
  all: readonly ModelAccess[],
  chosen: string | null,
): readonly ModelAccess[] => {
  if (chosen === null || offered.some((model) => model.model === chosen)) return offered;
  const missing = all.find((model) => model.model === chosen);
  return missing === undefined ? offered : [...offered, missing];
};

type SelectProps = {
  readonly label: string;
  readonly none: string;
  readonly value: string | null;
  readonly models: readonly ModelAccess[];
  readonly disabled: boolean;
  readonly onChange: (model: string | null) => void;
};

const ModelSelect = ({ label, none, value, models, disabled, onChange }: SelectProps) => (
  <NativeSelect
    aria-label={label}
    variant="unstyled"
    size="xs"
    disabled={disabled}
    value={value ?? ''}
    data={[
      { value: '', label: none },
      ...models.map((model) => ({
        value: model.model,
        label: model.enabled ? model.display_name : `${model.display_name} (off)`,
      })),
    ]}
    onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
  />
);
