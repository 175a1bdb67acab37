// Relay's runtime over what its compiler made of a role's schema: a fragment that is fetched again by node(id), page by page.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import relay from 'relay-runtime';
import { address, token } from './server.js';

const artifacts = createRequire(`${process.cwd()}/made/relay/`);
const customers = artifacts('./customersQuery.graphql.js');
const fragment = artifacts('./customers_customer.graphql.js');
const asked: string[] = [];

const environment = new relay.Environment({
  store: new relay.Store(new relay.RecordSource()),
  network: relay.Network.create(async (request, variables) => {
    asked.push(request.name);
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token('service_rep')}`,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
      },
      body: JSON.stringify({ query: request.text, variables }),
    });
    return response.json();
  }),
});

type Orders = {
  id: string;
  name: string;
  _withheld: { field: string; reason: string }[];
  orders: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
};

/** What a component with this fragment would be handed. */
function read(owner: any, reference: any): Orders {
  const selector = relay.getSingularSelector(fragment, reference);
  assert(selector);
  const { data, isMissingData } = environment.lookup(selector);
  assert.equal(isMissingData, false);
  return data as Orders;
}

test('a connection grows page by page through node(id)', async () => {
  const operation = relay.createOperationDescriptor(customers, {});
  environment.retain(operation);
  const found: any = await relay.fetchQuery(environment, customers, {}).toPromise();
  const [customer] = found.customers.nodes;
  let shown = read(operation, customer);
  assert.equal(shown.orders.edges.length, 2);
  assert(shown._withheld.some(({ field, reason }) => field === 'birthDate' && reason === 'MASKED'));

  const { identifierInfo, refetchableRequest } = relay.getRefetchMetadata(fragment, 'test');
  assert.equal(identifierInfo?.identifierField, 'id');
  const { connectionPathInFragmentData, paginationMetadata, paginationRequest } = relay.getPaginationMetadata(fragment, 'test');
  assert.deepEqual(connectionPathInFragmentData, ['orders']);
  assert.equal(refetchableRequest, paginationRequest);
  for (const expected of [4, 6]) {
    assert(shown.orders.pageInfo.hasNextPage);
    const variables = relay.getPaginationVariables(
      'forward', 2, shown.orders.pageInfo.endCursor, {}, {}, paginationMetadata,
    );
    const request = artifacts('./customersOrdersQuery.graphql.js');
    await relay.fetchQuery(environment, request, { ...variables, id: shown.id }).toPromise();
    shown = read(operation, customer);
    assert.equal(shown.orders.edges.length, expected);
  }
  assert.equal(new Set(shown.orders.edges.map(({ node }) => node.id)).size, 6);
  assert.deepEqual(asked, ['customersQuery', 'customersOrdersQuery', 'customersOrdersQuery']);
});
