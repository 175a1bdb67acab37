// Trusted documents, as graphql-codegen lists them and Apollo Client names them; one of them for two roles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { CardDocument } from '../made/shared/graphql.js';
import { EveryoneDocument } from '../made/marketer/graphql.js';
import { address, customer, token } from './server.js';

/** A client that sends the ids which graphql-codegen wrote beside the documents, and never a text. */
function clientFor(role: string, headers: Record<string, string> = {}): ApolloClient {
  const byId = new PersistedQueryLink({
    generateHash: (document) => (document as { __meta__?: { hash?: string } }).__meta__?.hash ?? 'none',
  });
  const http = new HttpLink({
    uri: `${address}/graphql`,
    headers: { authorization: `Bearer ${token(role)}`, ...headers },
  });
  return new ApolloClient({ link: ApolloLink.from([byId, http]), cache: new InMemoryCache() });
}

test('a listed document is asked by its id', async () => {
  const { data } = await clientFor('marketer').query({ query: EveryoneDocument, variables: { first: 1 } });
  assert.equal(data?.viewer.role, 'marketer');
  assert.equal(data?.customers?.nodes.length, 1);
});

test('what is not listed is refused', async () => {
  await assert.rejects(clientFor('marketer').query({ query: gql`{ viewer { id } }` }), (error) => {
    assert(CombinedGraphQLErrors.is(error));
    assert.equal(error.errors[0]?.extensions?.code, 'CG221');
    return true;
  });
});

test('one document for two roles, with null where the role has nothing', async () => {
  const variables = { id: customer };
  const nulls = { 'x-unknown-fields': 'null' };
  const rep = await clientFor('service_rep', nulls).query({ query: CardDocument, variables });
  const marketer = await clientFor('marketer', nulls).query({ query: CardDocument, variables });
  assert(rep.data?.customer?.interactions?.nodes.length);
  assert.equal(marketer.data?.customer?.name, rep.data?.customer?.name);
  assert.equal(marketer.data?.customer?.interactions, null);
  await assert.rejects(clientFor('marketer').query({ query: CardDocument, variables }));
});
