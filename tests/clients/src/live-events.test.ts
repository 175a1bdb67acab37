// Subscriptions over server-sent events: graphql-sse, unchanged, in distinct connections mode.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NetworkError } from 'graphql-sse';
import { followAndChange, followAndStop, followed, hear, nobody, nonsense, only, type Result } from './following.js';
import { eventsFor } from './live.js';
import { address, token } from './server.js';

const rep = () => token('service_rep');

test('a customer is followed, changed and followed', async () => {
  const events = eventsFor(address, 'service_rep', rep);
  await followAndChange(events);
  await hear(events, 'heard as an event');
  events.dispose();
});

test('what has one answer is one event, and what was stopped has ended', async () => {
  const events = eventsFor(address, 'service_rep', rep, 0);
  const { data } = await only(events.iterate({ query: '{ viewer { role } }' }));
  assert.deepEqual(data, { viewer: { role: 'service_rep' } });
  await followAndStop(events);
  events.dispose();
});

test('a refusal of the question is the last event, with its code', async () => {
  const events = eventsFor(address, 'service_rep', rep, 0);
  for (const [asked, code] of [[nonsense, 'CG201'], [nobody, 'CG210']] as const) {
    const results: Result[] = [];
    for await (const result of events.iterate(asked)) results.push(result);
    assert.deepEqual(results.map(({ errors }: any) => errors[0].extensions.code), [code]);
  }
  events.dispose();
});

test('a wrong token and another role are refused with their codes', async () => {
  for (const [role, said, status, code] of [
    ['service_rep', 'a.b.c', 401, 'CG101'],
    ['auditor', rep(), 403, 'CG102'],
  ] as const) {
    const events = eventsFor(address, role, () => said, 0);
    const refused = await events.iterate(followed).next().then(() => assert.fail('was answered'), (error) => error);
    assert(refused instanceof NetworkError);
    const response = (refused as NetworkError<Response>).response;
    assert.equal(response?.status, status);
    const { errors }: any = await response?.json();
    assert.equal(errors[0].extensions.code, code);
    events.dispose();
  }
});

test('a token that has expired is asked for anew', async () => {
  const said = ['a.b.c', rep()];
  const events = eventsFor(address, 'service_rep', () => said.shift() ?? '', 1);
  const { data } = await only(events.iterate({ query: '{ viewer { role } }' }));
  assert.deepEqual(data, { viewer: { role: 'service_rep' } });
  assert.deepEqual(said, []);
  events.dispose();
});
