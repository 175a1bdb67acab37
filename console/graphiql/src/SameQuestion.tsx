import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { getOperationAST, parse } from 'graphql';
import { useEffect, useRef } from 'react';

/**
 * When somebody else is asking, puts the question on the screen again in their name. Only a question that was answered
 * already, and only a query: a mutation is never repeated by itself. Otherwise the old answer is taken off the screen.
 */
export function SameQuestion() {
  const { fetcher, queryEditor, responseEditor, operationName, tabs } = useGraphiQL(
    pick('fetcher', 'queryEditor', 'responseEditor', 'operationName', 'tabs'),
  );
  const { run, stop, updateActiveTabValues } = useGraphiQLActions();
  const answeredBy = useRef(fetcher);

  useEffect(() => {
    if (answeredBy.current === fetcher) return;
    answeredBy.current = fetcher;
    const wasAnswered = Boolean(responseEditor?.getValue());
    stop();
    // The answers kept behind the other tabs belong to the one who asked before.
    for (const tab of tabs) tab.response = null;
    responseEditor?.setValue('');
    updateActiveTabValues({ response: null });
    if (wasAnswered && isQuery(queryEditor?.getValue() ?? '', operationName)) void run();
  }, [fetcher, queryEditor, responseEditor, operationName, tabs, run, stop, updateActiveTabValues]);

  return null;
}

function isQuery(document: string, operationName: string | undefined): boolean {
  try {
    return getOperationAST(parse(document), operationName)?.operation === 'query';
  } catch {
    return false;
  }
}
