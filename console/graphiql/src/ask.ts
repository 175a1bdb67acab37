import type { Fetcher } from '@graphiql/toolkit';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';

import { fit } from './fit.ts';
import { BY_SESSION } from './session.ts';

/** Who asks, and what for: everything that decides which answer the server may give. */
export interface Asker {
  /** null asks by the session of this browser. */
  readonly token: string | null;
  readonly role: string | null;
  readonly purpose: string | null;
}

/** How one request went, in words fit for the bar. */
export interface Exchange {
  readonly about: 'schema' | 'question';
  readonly status: number | null;
  readonly milliseconds: number;
  readonly code: string | null;
  readonly problem: string | null;
  /** The fields that were not asked for, because this role's schema does not have them. */
  readonly left: readonly string[];
}

export interface AskingPage {
  readonly isCurrent: () => boolean;
  readonly isFitting: () => boolean;
  readonly onExchange: (exchange: Exchange) => void;
}

interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: string; readonly extensions?: { readonly code?: string } }[];
}

/**
 * A GraphiQL fetcher that asks as one asker. The toolkit's own is not used: it keeps neither the status nor the time,
 * and shows a stack trace where the server gave no JSON.
 *
 * `isFitting` says whether a question is cut down to the fields of the asker's schema before it is sent. `isCurrent`
 * turns false once somebody else is asking; an answer that comes later is dropped, so that nothing meant for one role
 * is ever shown under the name of another.
 */
export function askAs(asker: Asker | null, endpoint: string, page: AskingPage): Fetcher {
  let tellSchema: (schema: GraphQLSchema | null) => void;
  const schemaTold = new Promise<GraphQLSchema | null>((resolve) => {
    tellSchema = resolve;
  });

  return async (params) => {
    if (asker === null) return failed('No token yet: add one in the bar above.');
    const about = params.operationName === 'IntrospectionQuery' ? 'schema' : 'question';
    const schema = about === 'question' && page.isFitting() ? await schemaTold : null;
    const fitted = schema && fit(params.query, schema);
    const started = performance.now();
    const { status, answer } = await post(endpoint, asker, fitted ? { ...params, query: fitted.document } : params);
    if (about === 'schema') tellSchema(readSchema(answer));
    if (!page.isCurrent()) return new Promise<never>(() => {});
    const first = answer.errors?.[0];
    page.onExchange({
      about,
      status,
      milliseconds: performance.now() - started,
      code: first?.extensions?.code ?? null,
      problem: first?.message ?? null,
      left: fitted?.left ?? [],
    });
    return answer as Record<string, unknown>;
  };
}

function readSchema(answer: GraphQLAnswer): GraphQLSchema | null {
  try {
    return buildClientSchema(answer.data as IntrospectionQuery);
  } catch {
    return null;
  }
}

async function post(
  endpoint: string,
  asker: Asker,
  body: object,
): Promise<{ status: number | null; answer: GraphQLAnswer }> {
  let response: Response;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      cache: 'no-store',
      // A redirect would carry the token to wherever it points.
      redirect: 'error',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(asker.token === null ? BY_SESSION : { Authorization: `Bearer ${asker.token}` }),
        ...(asker.role === null ? {} : { 'X-Role': asker.role }),
        ...(asker.purpose === null ? {} : { 'X-Purpose': asker.purpose }),
      },
      body: JSON.stringify(body),
    });
  } catch {
    return { status: null, answer: failed('The server does not answer. Is it still running?') };
  }
  try {
    return { status: response.status, answer: (await response.json()) as GraphQLAnswer };
  } catch {
    return { status: response.status, answer: failed(`The server answered ${response.status} without JSON.`) };
  }
}

function failed(message: string): { errors: { message: string }[] } {
  return { errors: [{ message }] };
}
