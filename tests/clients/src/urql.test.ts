// urql with its normalised cache, unchanged: pages, one object in two places, errors with their codes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, fetchExchange, gql } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { address, token } from './server.js';

function clientFor(role: string): Client {
  return new Client({
    url: `${address}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { authorization: `Bearer ${token(role)}`, 'x-role': role } },
    exchanges: [
      cacheExchange({
        keys: { Withheld: () => null, Viewer: () => null },
        resolvers: { Query: { customers: relayPagination() } },
      }),
      fetchExchange,
    ],
  });
}

const PAGE = gql`
  query Page($first: Int!, $after: String) {
    customers(first: $first, after: $after, orderBy: [{ orderCount: DESC }]) {
      edges { cursor node { id region birthDate _withheld { field reason } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;
const ONE = gql`query One($id: ID!) { node(id: $id) { id ... on Customer { region birthDate } } }`;

test('pages are joined in the normalised cache', async () => {
  const client = clientFor('service_rep');
  let after: string | undefined;
  for (const expected of [2, 4, 6]) {
    const { data, error } = await client.query(PAGE, { first: 2, after });
    assert.equal(error, undefined);
    assert.equal(data.customers.edges.length, expected);
    assert(data.customers.pageInfo.hasNextPage);
    after = data.customers.pageInfo.endCursor;
  }
  const again = await client.query(PAGE, { first: 2 }, { requestPolicy: 'cache-only' });
  assert.equal(again.data.customers.edges.length, 6);
  const [{ node }] = again.data.customers.edges;
  const one = await client.query(ONE, { id: node.id });
  assert.equal(one.data.node.region, node.region);
});

test('two roles have two clients, and each its own values', async () => {
  const [rep, officer] = [clientFor('service_rep'), clientFor('privacy_officer')];
  const coarse = await rep.query(PAGE, { first: 20 });
  const masked = coarse.data.customers.edges.find(({ node }: any) => /^\d{4}$/.test(node.birthDate ?? '')).node;
  const whole = (await officer.query(ONE, { id: masked.id })).data.node;
  assert.match(whole.birthDate, /^\d{4}-\d{2}-\d{2}$/);
  assert(whole.birthDate.startsWith(masked.birthDate));
  const still = await rep.query(ONE, { id: masked.id });
  assert.equal(still.data.node.birthDate, masked.birthDate);
});

test('a refusal comes with its code', async () => {
  const { data, error } = await clientFor('service_rep').query(gql`{ noSuchField }`, {});
  assert.equal(data, undefined);
  assert.equal(error?.graphQLErrors[0]?.extensions.code, 'CG201');
  const stranger = new Client({
    url: `${address}/graphql`, preferGetMethod: false, exchanges: [fetchExchange],
  });
  const refused = await stranger.query(gql`{ __typename }`, {});
  assert.equal(refused.error?.graphQLErrors[0]?.extensions.code, 'CG101');
});
