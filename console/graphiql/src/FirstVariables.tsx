import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect, useRef } from 'react';

/** GraphiQL opens its first tab without the variables that belong to it: puts them into the editor, once. */
export function FirstVariables() {
  const { variableEditor, tabs, activeTabIndex } = useGraphiQL(pick('variableEditor', 'tabs', 'activeTabIndex'));
  const done = useRef(false);

  useEffect(() => {
    if (variableEditor === undefined || done.current) return;
    done.current = true;
    const variables = tabs[activeTabIndex]?.variables;
    if (variables && variableEditor.getValue() === '') variableEditor.setValue(variables);
  }, [variableEditor, tabs, activeTabIndex]);

  return null;
}
