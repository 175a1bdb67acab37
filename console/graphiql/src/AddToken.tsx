import { type RefObject, useState } from 'react';

import type { RoleChoice } from './config.ts';

interface AddTokenProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  readonly roles: readonly RoleChoice[];
  readonly onAdd: (tokens: readonly string[]) => void;
}

/** A dialog that takes one or more tokens and says how to make one. */
export function AddToken({ dialog, roles, onAdd }: AddTokenProps) {
  const [pasted, setPasted] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const names = roles.map((choice) => choice.role);

  function leave() {
    setPasted('');
    setProblem(null);
  }

  function add() {
    try {
      const tokens = pasted.replaceAll(/\bBearer\s/gi, ' ').split(/\s+/).filter(Boolean);
      onAdd(tokens);
      dialog.current?.close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That could not be read.');
    }
  }

  return (
    <dialog ref={dialog} className="add-token" aria-labelledby="add-token-title" onClose={leave}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <h2 id="add-token-title">Add a token</h2>
        <label htmlFor="pasted">Paste one token, or several, one on each line. Each of its roles gets a button.</label>
        <textarea
          id="pasted"
          rows={5}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          value={pasted}
          onChange={(event) => setPasted(event.target.value)}
        />
        {problem !== null && <p role="alert">{problem}</p>}
        <p className="hint">Kept in this browser tab until you close it. Sent to this server and to nobody else.</p>
        {names.length > 0 && (
          <>
            <p className="hint">A terminal in the project’s folder makes one for each role:</p>
            <pre tabIndex={0}>{`for role in ${names.filter((name) => name !== 'customer').join(' ')}; do\n  .venv/bin/customer-graph token --role $role\ndone`}</pre>
            <p className="hint">A customer sees herself alone, so her token names her: --role customer --subject cus_…</p>
          </>
        )}
        <div className="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={pasted.trim() === ''}>
            Add
          </button>
        </div>
      </form>
    </dialog>
  );
}
