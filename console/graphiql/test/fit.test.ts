import assert from 'node:assert/strict';
import { test } from 'node:test';

import { buildSchema } from 'graphql';

import { fit } from '../src/fit.ts';

const marketer = buildSchema(`
  type Customer { id: ID! name: String orders(first: Int): [Order!] }
  type Order { id: ID! }
  type Query { customer(id: ID!): Customer }
  type Mutation { rename(id: ID!): Customer }
`);
const words = (document: string) => document.replaceAll(/\s+/g, ' ').trim();

test('a field that the role lacks is left out and named', () => {
  const fitted = fit('query Q($id: ID!) { customer(id: $id) { id email } }', marketer);
  assert.deepEqual(fitted?.left, ['Customer.email']);
  assert.equal(words(fitted.document), 'query Q($id: ID!) { customer(id: $id) { id } }');
});

test('what only the missing field needed goes with it', () => {
  const fitted = fit(
    'query Q($id: ID!, $n: Int) { customer(id: $id) { name cases(first: $n) { ...C } } } fragment C on Case { id }',
    marketer,
  );
  assert.equal(words(fitted?.document ?? ''), 'query Q($id: ID!) { customer(id: $id) { name } }');
});

test('a selection of which nothing stays goes as a whole', () => {
  const fitted = fit('{ customer(id: 1) { name orders { total } } }', marketer);
  assert.equal(words(fitted?.document ?? ''), '{ customer(id: 1) { name } }');
});

test('a question that fits is not touched, one of which nothing stays is not asked', () => {
  assert.equal(fit('{ customer(id: 1) { name } }', marketer), null);
  assert.equal(fit('{ auditTrail { id } }', marketer), null);
});

test('a mutation is never cut', () => {
  assert.equal(fit('mutation { rename(id: 1) { name email } }', marketer), null);
});

test('what is wrong in another way is left to its writer', () => {
  assert.equal(fit('{ customer { email name } }', marketer), null);
  assert.equal(fit('{ customer(', marketer), null);
});
