import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { identitiesOf, readSession } from '../src/session.ts';

const CONFIG = { endpoint: '/graphql', roles: [], examples: [], login: true };
const fetchOfTheRuntime = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetchOfTheRuntime;
});

test('each role of who signed in is a way to ask, and no token is among them', () => {
  const said = { subject: 's-1', name: null, roles: ['auditor', 'privacy_officer'], purposes: ['audit'] };
  const found = identitiesOf(said);
  assert.deepEqual(
    found.map(({ token, role, purposes }) => [token, role, purposes]),
    [
      [null, 'auditor', ['audit']],
      [null, 'privacy_officer', ['audit']],
    ],
  );
});

test('nobody signed in, no sign-in offered, and no answer are all nobody', async () => {
  let asked = 0;
  globalThis.fetch = async () => {
    asked += 1;
    return Response.json(null);
  };
  assert.deepEqual(await readSession(CONFIG), []);
  assert.deepEqual(await readSession({ ...CONFIG, login: false }), []);
  assert.equal(asked, 1);
  globalThis.fetch = () => Promise.reject(new TypeError('no network'));
  assert.deepEqual(await readSession(CONFIG), []);
});
