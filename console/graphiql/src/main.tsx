import 'graphiql/setup-workers/vite';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './page.css';

import { createRoot } from 'react-dom/client';

import { readConfig } from './config.ts';
import { Page } from './Page.tsx';
import { readSession } from './session.ts';

const root = createRoot(document.getElementById('page') as HTMLElement);

readConfig()
  .then(async (config) => ({ config, session: await readSession(config) }))
  .then(
    ({ config, session }) => root.render(<Page config={config} session={session} />),
    (problem: unknown) =>
      root.render(
        <p className="unavailable" role="alert">
          {problem instanceof Error ? problem.message : 'The page could not be set up.'}
        </p>,
      ),
  );
