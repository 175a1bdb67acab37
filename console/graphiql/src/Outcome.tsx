import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useMemo, useState } from 'react';

import type { Exchange } from './ask.ts';
import { fit } from './fit.ts';

interface OutcomeProps {
  readonly exchange: Exchange | null;
  readonly asker: { readonly title: string | null; readonly purpose: string | null } | null;
  readonly fitting: boolean;
  /** Whether questions are cut down to the fields that the asker's schema has. */
  readonly onFit: (fitting: boolean) => void;
}

/** One line on how the last request went; a refusal is said in the server's words, with its code. */
export function Outcome({ exchange, asker, fitting, onFit }: OutcomeProps) {
  if (asker === null) return null;
  const who = [asker.title ?? 'the token’s own role', asker.purpose && `for ${asker.purpose}`].filter(Boolean).join(' ');
  if (exchange === null) {
    return (
      <p className="outcome" role="status">
        <span className="quiet">as {who}</span>
      </p>
    );
  }
  const refused = exchange.problem !== null || exchange.status === null || exchange.status >= 400;
  return (
    <p className={refused ? 'outcome refused' : 'outcome'} role="status">
      {exchange.status !== null && <b>{exchange.status}</b>}
      {exchange.code !== null && <b>{exchange.code}</b>}
      <span>
        {refused && exchange.about === 'schema' && 'The schema could not be read. '}
        {refused ? (exchange.problem ?? 'The server refused.') : SUCCESS[exchange.about]}
        {exchange.left.length > 0 && ` without ${exchange.left.join(', ')}: not in this role’s schema.`}
      </span>
      {refused && exchange.about === 'question' && !fitting && <LeaveOut onFit={() => onFit(true)} />}
      {exchange.left.length > 0 && <AskForAll onFit={() => onFit(false)} />}
      <span className="quiet">
        as {who}, {Math.round(exchange.milliseconds)} ms
      </span>
    </p>
  );
}

const SUCCESS = { schema: 'The schema of this role is read.', question: 'Answered' } as const;

/** Offers to ask for less, where this role's schema lacks a field that the question names. The editor keeps its text. */
function LeaveOut({ onFit }: { readonly onFit: () => void }) {
  const { schema, queryEditor } = useGraphiQL(pick('schema', 'queryEditor'));
  const { run } = useGraphiQLActions();
  const [document, setDocument] = useState('');

  useEffect(() => {
    setDocument(queryEditor?.getValue() ?? '');
    const listening = queryEditor?.onDidChangeModelContent(() => setDocument(queryEditor.getValue()));
    return () => listening?.dispose();
  }, [queryEditor]);

  const fitted = useMemo(() => (schema ? fit(document, schema) : null), [document, schema]);
  if (fitted === null) return null;
  return (
    <button
      type="button"
      title={`Not in this role’s schema: ${fitted.left.join(', ')}`}
      onClick={() => {
        onFit();
        void run();
      }}
    >
      Ask without {fitted.left.length === 1 ? fitted.left[0] : `${fitted.left.length} fields`}
    </button>
  );
}

/** Turns back to sending the question as it is written. */
function AskForAll({ onFit }: { readonly onFit: () => void }) {
  const { run } = useGraphiQLActions();
  return (
    <button
      type="button"
      onClick={() => {
        onFit();
        void run();
      }}
    >
      Ask for every field
    </button>
  );
}
