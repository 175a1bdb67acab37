import assert from 'node:assert/strict';
import { test } from 'node:test';

import { identities, isExpired, NotAToken, purposesOf } from '../src/identity.ts';

const KNOWN = [
  { role: 'service_rep', title: 'Service rep', purposes: ['service'] },
  { role: 'marketer', title: 'Marketer', purposes: ['marketing.email', 'analytics'] },
];

function token(claims: object): string {
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

function only(claims: object) {
  const [identity, ...others] = identities(token(claims), KNOWN);
  assert.ok(identity);
  assert.deepEqual(others, []);
  return identity;
}

test('each known role of a token is a way to ask of its own', () => {
  const roles = identities(token({ sub: 'mia', roles: ['marketer', 'service_rep'] }), KNOWN).map(({ role }) => role);
  assert.deepEqual(roles, ['marketer', 'service_rep']);
});

test('roles are read where Keycloak writes them, its own housekeeping roles left out', () => {
  assert.equal(only({ realm_access: { roles: ['offline_access', 'marketer'] } }).role, 'marketer');
});

test('a token without a known role leaves the choice to the server', () => {
  assert.equal(only({ sub: 'x', roles: ['stranger'] }).role, null);
});

test('names beyond ASCII are read as they were written', () => {
  assert.equal(only({ sub: 'Zoë–Ångström', roles: 'marketer' }).subject, 'Zoë–Ångström');
});

test('what is no token is refused without repeating it', () => {
  for (const pasted of ['secret', 'a.b', 'a.secret!.c', `a.${btoa('"text"')}.c`]) {
    assert.throws(
      () => identities(pasted, KNOWN),
      (error: unknown) => error instanceof NotAToken && !error.message.includes('secret'),
    );
  }
});

test('a purpose is offered only where both the role and the token allow it', () => {
  assert.deepEqual(purposesOf(only({ roles: ['marketer'] }), KNOWN[1]), ['marketing.email', 'analytics']);
  const limited = only({ roles: ['marketer'], purposes: ['fraud', 'analytics'] });
  assert.deepEqual(purposesOf(limited, KNOWN[1]), ['analytics']);
  assert.deepEqual(purposesOf(only({ roles: ['marketer'], purposes: [] }), KNOWN[1]), []);
});

test('a token is expired from the second that it names', () => {
  const identity = only({ roles: ['marketer'], exp: 100 });
  assert.equal(isExpired(identity, 99_999), false);
  assert.equal(isExpired(identity, 100_000), true);
  assert.equal(isExpired(only({ roles: ['marketer'] }), 100_000), false);
});
