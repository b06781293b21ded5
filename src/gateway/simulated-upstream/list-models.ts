import { ApiError } from './api-error.ts';
import { type Call, sendJson } from './call.ts';
import { lifecycleOf, renderModelInfo } from './model-info.ts';
import { CATALOGUE, findModel } from './models.ts';
import { pageById } from './pages.ts';

/** `GET /v1/models`: the catalogue, newest first; `lifecycle[]` narrows it. */
export const listModels = (call: Call): void => {
  const wanted = [...call.query.getAll('lifecycle[]'), ...call.query.getAll('lifecycle')];
  const models = CATALOGUE.filter((model) => wanted.length === 0 || wanted.includes(lifecycleOf(model)));
  sendJson(call, pageById(models.map(renderModelInfo), call.query));
};

/** `GET /v1/models/{id}`: one model by its id or alias; 404 otherwise. */
export const getModel = (call: Call, id: string): void => {
  const model = findModel(id);
  if (model === undefined) throw new ApiError(404, `model: ${id}`);
  sendJson(call, renderModelInfo(model));
};
