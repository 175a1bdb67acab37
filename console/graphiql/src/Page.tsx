import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useEffect, useMemo, useRef, useState } from 'react';

import { type Asker, askAs, type Exchange } from './ask.ts';
import { Bar } from './Bar.tsx';
import type { PageConfig } from './config.ts';
import { FirstVariables } from './FirstVariables.tsx';
import { identities, type Identity, purposesOf } from './identity.ts';
import { Outcome } from './Outcome.tsx';
import { recall, remember, withAdded, without } from './remembered.ts';
import { SameQuestion } from './SameQuestion.tsx';

const PLUGINS = [HISTORY_PLUGIN];
// GraphiQL asks for the schema unless it is told that there is none.
const NO_SCHEMA = { schema: null };
const FIRST_QUESTION = '# Add a token in the bar above, then ask.\n\n{\n  __typename\n}\n';

/** GraphiQL under a bar that says who is asking; changing who asks reads that role's schema and asks again. */
export function Page({ config, session }: { readonly config: PageConfig; readonly session: readonly Identity[] }) {
  const [remembered, setRemembered] = useState(() => withAdded(recall(config.roles), session));
  const [exchange, setExchange] = useState<Exchange | null>(null);

  const active = remembered.identities.find((identity) => identity.id === remembered.active) ?? null;
  const choice = config.roles.find((known) => known.role === active?.role);
  const purposes = active === null ? [] : purposesOf(active, choice);
  const wanted = active === null ? undefined : remembered.purposes[active.id];
  const purpose = purposes.find((allowed) => allowed === wanted) ?? purposes[0] ?? null;
  const nobody = active === null;
  const token = active?.token ?? null;
  const role = active?.role ?? null;

  useEffect(() => remember(remembered), [remembered]);

  const [fitting, setFitting] = useState(false);
  const isFitting = useRef(fitting);
  const current = useRef<Asker | null>(null);
  const fetcher = useMemo(() => {
    const asker = nobody ? null : { token, role, purpose };
    current.current = asker;
    return askAs(asker, config.endpoint, {
      isCurrent: () => current.current === asker,
      isFitting: () => isFitting.current,
      // How the question went is worth more than how its schema was read meanwhile.
      onExchange: (next) =>
        setExchange((last) => (next.about === 'schema' && last?.about === 'question' ? last : next)),
    });
  }, [nobody, token, role, purpose, config.endpoint]);
  useEffect(() => setExchange(null), [fetcher]);

  const first = config.examples[0];
  const defaultTabs = useMemo(() => [asTab(first)], [first]);

  return (
    <GraphiQLProvider
      fetcher={fetcher}
      {...(active === null ? NO_SCHEMA : {})}
      plugins={[DOC_EXPLORER_PLUGIN, ...PLUGINS]}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      visiblePlugin={DOC_EXPLORER_PLUGIN}
      storage={sessionStorage}
      shouldPersistHeaders={false}
      defaultTabs={defaultTabs}
      schemaDescription
      inputValueDeprecation
    >
      <HistoryStore>
        <DocExplorerStore>
          <SameQuestion />
          <FirstVariables />
          <Bar
            config={config}
            signedIn={session.length > 0}
            identities={remembered.identities}
            active={active}
            purposes={purposes}
            purpose={purpose}
            onActivate={(id) => setRemembered((state) => ({ ...state, active: id }))}
            onForget={(id) => setRemembered((state) => without(state, id))}
            onPurpose={(chosen) =>
              active && setRemembered((state) => ({ ...state, purposes: { ...state.purposes, [active.id]: chosen } }))
            }
            onAdd={(tokens) => {
              const added = tokens.flatMap((pasted) => identities(pasted, config.roles));
              setRemembered((state) => withAdded(state, added));
            }}
          />
          <Outcome
            exchange={exchange}
            asker={active && { title: choice?.title ?? null, purpose }}
            fitting={fitting}
            onFit={(wanted) => {
              // The next request is sent before React renders again.
              isFitting.current = wanted;
              setFitting(wanted);
            }}
          />
          <GraphiQLInterface
            isHeadersEditorEnabled={false}
            showPersistHeadersSettings={false}
            defaultEditorToolsVisibility="variables"
          >
            <GraphiQL.Logo>
              <span />
            </GraphiQL.Logo>
          </GraphiQLInterface>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}

function asTab(example: PageConfig['examples'][number] | undefined) {
  if (example === undefined) return { query: FIRST_QUESTION };
  return {
    query: example.query,
    ...(example.variables ? { variables: JSON.stringify(example.variables, null, 2) } : {}),
  };
}
