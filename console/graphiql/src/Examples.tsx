import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';

import type { Example } from './config.ts';

/** A list of questions to start from; choosing one opens it and leaves the reader's own writing alone. */
export function Examples({ examples }: { readonly examples: readonly Example[] }) {
  const { queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'responseEditor'),
  );
  const { addTab } = useGraphiQLActions();
  if (examples.length === 0) return null;

  function open(example: Example) {
    const written = queryEditor?.getValue().trim() ?? '';
    const isUntouched = written === '' || examples.some((other) => other.query.trim() === written);
    if (!isUntouched) addTab();
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(example.variables ? JSON.stringify(example.variables, null, 2) : '');
    responseEditor?.setValue('');
  }

  return (
    <select
      className="examples"
      aria-label="Example questions"
      value=""
      onChange={(event) => {
        const chosen = examples[Number(event.target.value)];
        if (chosen) open(chosen);
      }}
    >
      <option value="" disabled>
        Questions
      </option>
      {examples.map((example, index) => (
        <option key={example.title} value={index}>
          {example.title}
        </option>
      ))}
    </select>
  );
}
