import { VisuallyHidden } from '@mantine/core';
import { useCallback } from 'react';
import type { ModelAccess, ModelMatrix } from '../../../access/contract.ts';
import { plural } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { ScrollFrame } from '../../kit/scroll-frame.tsx';
import { AccessCell, type CellChange, type Lock } from './access-cell.tsx';
import { arrangeModels } from './arrange-models.ts';
import { DefaultsRows } from './defaults-rows.tsx';
import type { Draft } from './draft.ts';
import classes from './matrix.module.css';
import { ModelLabel } from './model-label.tsx';
import type { DraftHandle } from './use-draft.ts';

type Props = {
  readonly handle: DraftHandle;
  /** The roles that get a column. */
  readonly roles: ModelMatrix['roles'];
  readonly modelFilter: string;
  /** Nothing may be edited. */
  readonly disabled: boolean;
  /** The organisation's column is shown for comparison only. */
  readonly organisationFixed?: boolean;
};

/** Models down, the organisation and its roles across. The first two columns and the header stay in sight. */
export const MatrixTable = ({ handle, roles, modelFilter, disabled, organisationFixed = false }: Props) => {
  const { view, draft, edit: onEdit } = handle;
  const families = arrangeModels(view.models, modelFilter);
  const onChange = useCallback(
    ({ model, roleId }: { readonly model: string; readonly roleId: string | null }, change: CellChange) =>
      onEdit(
        roleId === null
          ? { type: 'organization_model', model, ...change }
          : { type: 'role_model', role_id: roleId, model, ...change },
      ),
    [onEdit],
  );
  return (
    <ScrollFrame className={classes.frame} label="Matrix of models and roles, scrollable">
      <table className={classes.table} aria-label="Models and who may use them">
        <thead>
          <tr>
            <th scope="col" className={classes.model}>
              Model
            </th>
            <th scope="col" className={classes.organisation}>
              Organisation
              <span className={classes.sub}>The ceiling for everyone</span>
            </th>
            {roles.map((role) => (
              <th key={role.role_id} scope="col" className={classes.role}>
                <TextLink
                  to="/roles/$roleId"
                  params={{ roleId: role.role_id }}
                  className={classes.roleName}
                  title={role.display_name}
                  c="inherit"
                  inherit
                >
                  {role.display_name}
                </TextLink>
                <span className={classes.sub}>
                  {role.mode === 'all' ? 'All models · ' : ''}
                  {plural(role.member_count, 'member')}
                </span>
              </th>
            ))}
            <td className={classes.filler} />
          </tr>
        </thead>
        <DefaultsRows {...{ view, roles, draft, disabled, organisationFixed, onEdit }} />
        {families.map((family) => (
          <tbody key={family.title}>
            <tr>
              <th scope="rowgroup" colSpan={roles.length + 3} className={classes.family}>
                <span className={classes.familyTitle}>{family.title}</span>
              </th>
            </tr>
            {family.models.map((model) => (
              <ModelRow key={model.model} {...{ model, roles, draft, disabled, organisationFixed, onChange }} />
            ))}
          </tbody>
        ))}
      </table>
    </ScrollFrame>
  );
};

type RowProps = {
  readonly model: ModelAccess;
  readonly roles: ModelMatrix['roles'];
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly organisationFixed: boolean;
  readonly onChange: Parameters<typeof AccessCell>[0]['onChange'];
};

const lockOf = (model: ModelAccess, isRole: boolean): Lock => {
  if (model.always_available) return 'always_available';
  return isRole && !model.enabled ? 'off_for_organisation' : null;
};

const ModelRow = ({ model, roles, draft, disabled, organisationFixed, onChange }: RowProps) => {
  const shared = { model: model.model, modelName: model.display_name, efforts: model.efforts, disabled, onChange };
  const isChanged = draft.has(`model/${model.model}`);
  return (
    <tr>
      <th scope="row" className={classes.model}>
        <ModelLabel model={model} />
      </th>
      <td className={`${classes.organisation} ${isChanged ? classes.changed : ''}`}>
        <AccessCell
          {...shared}
          who="the organisation"
          fixed={organisationFixed}
          roleId={null}
          enabled={model.enabled}
          cap={model.max_effort}
          ceiling={null}
          lock={lockOf(model, false)}
        />
        {isChanged && <VisuallyHidden>Changed, not saved</VisuallyHidden>}
      </td>
      {roles.map((role) => {
        const own = role.models.find((candidate) => candidate.model === model.model);
        const isOwnChanged = draft.has(`role/${role.role_id}/${model.model}`);
        return (
          <td key={role.role_id} className={isOwnChanged ? classes.changed : undefined}>
            <AccessCell
              {...shared}
              who={role.display_name}
              roleId={role.role_id}
              enabled={own?.enabled ?? false}
              cap={own?.max_effort ?? null}
              ceiling={model.max_effort}
              lock={lockOf(model, true)}
            />
            {isOwnChanged && <VisuallyHidden>Changed, not saved</VisuallyHidden>}
          </td>
        );
      })}
      <td className={classes.filler} />
    </tr>
  );
};
