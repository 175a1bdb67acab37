// Apollo Client, unchanged: typed documents, pages, React, caches of two roles, errors with their codes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CombinedGraphQLErrors, gql } from '@apollo/client';
import { ServerError } from '@apollo/client/errors';
import { ApolloProvider } from '@apollo/client/react';
import { prerenderStatic } from '@apollo/client/react/ssr';
import { renderToString } from 'react-dom/server';
import { EveryoneDocument as ForAuditor } from '../made/auditor/graphql.js';
import { EveryoneDocument as ForMarketer } from '../made/marketer/graphql.js';
import { clientFor } from './apollo.js';
import { address, token } from './server.js';
import { CustomerList, CUSTOMERS } from './service_rep/customer-list.js';

function as(role: string) {
  return clientFor(address, role, token(role));
}

test('a typed query, and pages that are joined', async () => {
  const client = as('service_rep');
  const query = client.watchQuery({ query: CUSTOMERS, variables: { first: 2 } });
  const seen: number[] = [];
  const watching = query.subscribe(({ data }) => {
    const edges = data?.customers?.edges;
    if (edges) seen.push(edges.length);
  });
  await client.query({ query: CUSTOMERS, variables: { first: 2 } });
  const joined = () => client.readQuery({ query: CUSTOMERS, variables: { first: 2 } })?.customers;
  for (const expected of [4, 6]) {
    const page = joined()?.pageInfo;
    assert(page?.hasNextPage);
    await query.fetchMore({ variables: { after: page.endCursor } });
    assert.equal(joined()?.edges.length, expected);
  }
  while (seen.at(-1) !== 6) await new Promise((resolve) => setTimeout(resolve, 10));
  watching.unsubscribe();
  assert.equal(seen[0], 2);
});

test('a component shows what the role sees', async () => {
  const client = as('service_rep');
  const { result } = await prerenderStatic({
    tree: <ApolloProvider client={client}><CustomerList /></ApolloProvider>,
    renderFunction: renderToString,
  });
  assert.equal(result.match(/<li>/g)?.length, 3);
  assert.match(result, /birthDate: MASKED/);
  assert.match(result, /lifetimeValue: POLICY/);
  assert.match(result, /<button>More<\/button>/);
});

test('ids normalise, and reasons stay with their customer', async () => {
  const client = as('service_rep');
  const { data } = await client.query({ query: CUSTOMERS, variables: { first: 3 } });
  const kept = client.cache.extract() as Record<string, Record<string, unknown>>;
  for (const { node } of data?.customers?.edges ?? []) {
    assert.deepEqual(kept[`Customer:${node.id}`]?._withheld, node._withheld);
  }
  assert(!Object.keys(kept).some((key) => key.startsWith('Withheld')));
});

test('two roles have two caches, and neither reads what the other was shown', async () => {
  const one = gql`query One($id: ID!) { customer(id: $id) { id birthDate lifetimeValue } }`;
  const [rep, officer] = [as('service_rep'), as('privacy_officer')];
  const list = await rep.query({ query: CUSTOMERS, variables: { first: 20 } });
  const seen = list.data?.customers?.edges.map(({ node }) => node).find(({ birthDate }) => /^\d{4}$/.test(birthDate ?? ''));
  assert(seen);
  const variables = { id: seen.id };
  const whole: any = (await officer.query({ query: one, variables })).data;
  assert.match(whole.customer.birthDate, /^\d{4}-\d{2}-\d{2}$/);
  const coarse: any = (await rep.query({ query: one, variables })).data;
  assert.equal(coarse.customer.birthDate, seen.birthDate);
  assert.equal(coarse.customer.lifetimeValue, null);
  // In one cache the two would overwrite each other: they are the same object under the same id.
  assert.equal(rep.cache.identify(coarse.customer), officer.cache.identify(whole.customer));
});

test('a document for everyone is typed for each role', async () => {
  const { data } = await as('auditor').query({ query: ForAuditor, variables: { first: 1 } });
  assert.equal(data?.viewer.role, 'auditor');
  const found = await as('marketer').query({ query: ForMarketer, variables: { first: 1 } });
  assert.equal(found.data?.customers?.nodes.length, 1);
});

test('errors come with their codes', async () => {
  const client = as('service_rep');
  await assert.rejects(client.query({ query: gql`{ noSuchField }` }), (error) => {
    assert(CombinedGraphQLErrors.is(error));
    assert.equal(error.errors[0]?.extensions?.code, 'CG201');
    return true;
  });
  await assert.rejects(clientFor(address, 'service_rep', 'none').query({ query: gql`{ viewer { id } }` }), (error) => {
    const code = CombinedGraphQLErrors.is(error) ? error.errors[0]?.extensions?.code : undefined;
    assert(code === 'CG101' || (ServerError.is(error) && error.statusCode === 401));
    return true;
  });
});
