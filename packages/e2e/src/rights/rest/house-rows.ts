import { everyone, signedIn } from '../answers.ts'
import type { RouteRow } from './row.ts'

/** What concerns no story: who I am, what operators ask, what the house says of itself. */
export const HOUSE_ROWS: readonly RouteRow[] = [
  { route: 'GET /api/me', answers: signedIn(200) },
  { route: 'GET /api/house', answers: everyone(200) },
  { route: 'POST /collaboration/ticket', answers: signedIn(201) },
  { route: 'GET /healthz', answers: everyone(200) },
  { route: 'GET /readyz', answers: everyone(200) },
  // Open until METRICS_TOKEN is set; then it is that token that counts.
  { route: 'GET /metrics', answers: everyone(200) },
  { route: 'GET /openapi.json', answers: everyone(200) },
  { route: 'GET /docs', answers: everyone(200) },
  { route: 'GET /docs/json', answers: everyone(200) },
  { route: 'GET /docs/yaml', answers: everyone(200) },
  { route: 'GET /docs/static/index.html', answers: everyone(302) },
  { route: 'GET /docs/static/swagger-initializer.js', answers: everyone(200) },
  {
    route: 'GET /docs/static/{file}',
    answers: everyone(200),
    prepare: () => ({ params: { file: 'swagger-ui.css' } }),
  },
]
