import { NativeSelect } from '@mantine/core';
import type { ModelAccess, ModelMatrix, PolicyEdit } from '../../../access/contract.ts';
import { EFFORTS, type Effort } from '../../../kernel/index.ts';
import { EFFORT_NAMES, EffortSelect } from '../../kit/effort-select.tsx';
import { type Draft, isRoleDefaultChanged, isSettingChanged } from './draft.ts';
import classes from './matrix.module.css';

type Roles = ModelMatrix['roles'];
type Defaults = { readonly default_model: string | null; readonly default_effort: Effort | null };

type Props = {
  readonly view: ModelMatrix;
  readonly roles: Roles;
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly organisationFixed: boolean;
  readonly onEdit: (edit: PolicyEdit) => void;
};

/** One column's defaults: what they are, what may be chosen, and how an edit of them is said. */
type Column = {
  readonly key: string;
  readonly who: string;
  readonly defaults: Defaults;
  readonly models: readonly ModelAccess[];
  /** What holds where nothing is chosen. */
  readonly none: string;
  readonly fixed: boolean;
  readonly className: string | undefined;
  readonly isChanged: (name: keyof Defaults) => boolean;
  readonly change: (value: Partial<Defaults>) => void;
};

/** The rows on top of the matrix: with which model and effort people begin. */
export const DefaultsRows = (props: Props) => {
  const columns = [organisationColumn(props), ...props.roles.map((role) => roleColumn(props, role))];
  return (
    <tbody>
      <tr>
        <th scope="row" className={classes.model}>
          Default model
          <span className={classes.sub}>Where people begin; they may choose another</span>
        </th>
        {columns.map((column) => (
          <td key={column.key} className={markOf(column, 'default_model')}>
            <ModelDefault column={column} disabled={props.disabled} />
          </td>
        ))}
        <td className={classes.filler} />
      </tr>
      <tr>
        <th scope="row" className={classes.model}>
          Default effort
        </th>
        {columns.map((column) => (
          <td key={column.key} className={markOf(column, 'default_effort')}>
            <EffortDefault column={column} disabled={props.disabled} />
          </td>
        ))}
        <td className={classes.filler} />
      </tr>
    </tbody>
  );
};

const organisationColumn = ({ view, draft, organisationFixed, onEdit }: Props): Column => ({
  key: 'organisation',
  who: 'the organisation',
  defaults: view.settings,
  models: withChosen(
    view.models.filter((model) => model.enabled),
    view.models,
    view.settings.default_model,
  ),
  none: 'Recommended',
  fixed: organisationFixed,
  className: classes.organisation,
  isChanged: (name) => isSettingChanged(draft, name),
  change: (value) => onEdit({ type: 'organization_settings', ...value }),
});

const roleColumn = ({ view, draft, onEdit }: Props, role: Roles[number]): Column => ({
  key: role.role_id,
  who: role.display_name,
  defaults: role,
  models: withChosen(grantedBy(role, view.models), view.models, role.default_model),
  none: 'Organisation’s',
  fixed: false,
  className: undefined,
  isChanged: (name) => isRoleDefaultChanged(draft, role.role_id, name),
  change: (value) => onEdit({ type: 'role_defaults', role_id: role.role_id, ...value }),
});

const grantedBy = (role: Roles[number], models: readonly ModelAccess[]): readonly ModelAccess[] =>
  models.filter(
    (model) =>
      model.enabled && (model.always_available || role.models.some((own) => own.model === model.model && own.enabled)),
  );

/** A default that has been switched off stays visible, so that one sees what must be changed. */
const withChosen = (
  offered: readonly ModelAccess[],
  all: readonly ModelAccess[],
  chosen: string | null,
): readonly ModelAccess[] => {
  if (chosen === null || offered.some((model) => model.model === chosen)) return offered;
  return [...offered, ...all.filter((model) => model.model === chosen)];
};

const markOf = ({ className, isChanged }: Column, name: keyof Defaults): string =>
  [className, isChanged(name) ? classes.changed : undefined].filter(Boolean).join(' ');

type CellProps = { readonly column: Column; readonly disabled: boolean };

const ModelDefault = ({ column, disabled }: CellProps) => {
  const { who, defaults, models, none, fixed, change } = column;
  const nameOf = (model: ModelAccess) => (model.enabled ? model.display_name : `${model.display_name} (off)`);
  const chosen = models.find((model) => model.model === defaults.default_model);
  if (fixed) return <span className={classes.off}>{chosen === undefined ? none : nameOf(chosen)}</span>;
  return (
    <NativeSelect
      aria-label={`Default model of ${who}`}
      variant="unstyled"
      size="xs"
      disabled={disabled}
      value={defaults.default_model ?? ''}
      data={[{ value: '', label: none }, ...models.map((model) => ({ value: model.model, label: nameOf(model) }))]}
      onChange={({ currentTarget }) =>
        change({ default_model: currentTarget.value === '' ? null : currentTarget.value })
      }
    />
  );
};

const EffortDefault = ({ column, disabled }: CellProps) => {
  const { who, defaults, none, fixed, change } = column;
  const { default_effort } = defaults;
  if (fixed)
    return <span className={classes.off}>{default_effort === null ? none : EFFORT_NAMES[default_effort]}</span>;
  return (
    <EffortSelect
      label={`Default effort of ${who}`}
      variant="unstyled"
      size="xs"
      none={none}
      value={default_effort}
      offered={EFFORTS}
      disabled={disabled}
      onChange={(effort) => change({ default_effort: effort })}
    />
  );
};
