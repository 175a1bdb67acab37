import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { buildSchema, introspectionFromSchema } from 'graphql';

import { type Asker, askAs, type Exchange } from '../src/ask.ts';

const MIA: Asker = { token: 'mias-token', role: 'marketer', purpose: 'analytics' };
const SCHEMA = introspectionFromSchema(buildSchema('type Query { name: String }'));
const INTROSPECTION = { operationName: 'IntrospectionQuery', query: '{ __schema { types { name } } }' };

const fetchOfTheRuntime = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = fetchOfTheRuntime;
});

/** Puts a server in the place of the network and keeps what was sent to it. */
function serve(answer: (query: string) => Response | Promise<Response>): RequestInit[] {
  const sent: RequestInit[] = [];
  globalThis.fetch = async (_address, request) => {
    sent.push(request ?? {});
    return answer((JSON.parse(String(request?.body)) as { query: string }).query);
  };
  return sent;
}

function page(given: { current?: boolean; fitting?: boolean } = {}) {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    isCurrent: () => given.current ?? true,
    isFitting: () => given.fitting ?? false,
    onExchange: (exchange: Exchange) => void exchanges.push(exchange),
  };
}

test('token, role and purpose travel in headers and follow no redirect', async () => {
  const sent = serve(() => Response.json({ data: {} }));
  await askAs(MIA, '/graphql', page())({ query: '{ name }' });
  const headers = new Headers(sent[0]?.headers);
  assert.deepEqual(
    [headers.get('authorization'), headers.get('x-role'), headers.get('x-purpose'), sent[0]?.redirect],
    ['Bearer mias-token', 'marketer', 'analytics', 'error'],
  );
});

test('who signed in asks without a token, by the header that no other site can send', async () => {
  const sent = serve(() => Response.json({ data: {} }));
  await askAs({ ...MIA, token: null }, '/graphql', page())({ query: '{ name }' });
  const headers = new Headers(sent[0]?.headers);
  assert.deepEqual([headers.get('authorization'), headers.get('x-session'), headers.get('x-role')], [null, '1', 'marketer']);
});

test('nobody asks nothing: without a token no request is made', async () => {
  const sent = serve(() => Response.json({}));
  await askAs(null, '/graphql', page())({ query: '{ name }' });
  assert.equal(sent.length, 0);
});

test('an answer that comes after another took over is dropped', async () => {
  serve(() => Response.json({ data: { name: 'for Mia only' } }));
  const asking = page({ current: false });
  const late = Promise.resolve(askAs(MIA, '/graphql', asking)({ query: '{ name }' }) as Promise<unknown>);
  const outcome = await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 50, 'dropped'))]);
  assert.equal(outcome, 'dropped');
  assert.deepEqual(asking.exchanges, []);
});

test('a refusal is told with its status and its code', async () => {
  serve(() => Response.json({ errors: [{ message: 'No.', extensions: { code: 'CG102' } }] }, { status: 403 }));
  const asking = page();
  await askAs(MIA, '/graphql', asking)({ query: '{ name }' });
  const [{ status, code, problem } = {}] = asking.exchanges;
  assert.deepEqual([status, code, problem], [403, 'CG102', 'No.']);
});

test('a server that is down or answers without JSON gives a sentence, not a stack trace', async () => {
  serve(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  assert.deepEqual(await askAs(MIA, '/graphql', page())({ query: '{ name }' }), {
    errors: [{ message: 'The server answered 502 without JSON.' }],
  });
  serve(() => Promise.reject(new TypeError('fetch failed')));
  assert.deepEqual(await askAs(MIA, '/graphql', page())({ query: '{ name }' }), {
    errors: [{ message: 'The server does not answer. Is it still running?' }],
  });
});

test('a fitted question waits for the schema of its own asker and tells what was left out', async () => {
  const asked: string[] = [];
  serve((query) => {
    asked.push(query.replaceAll(/\s+/g, ' ').trim());
    return Response.json({ data: query.includes('__schema') ? SCHEMA : { name: 'Ada' } });
  });
  const asking = page({ fitting: true });
  const ask = askAs(MIA, '/graphql', asking);
  const question = Promise.resolve(ask({ query: '{ name email }' }) as Promise<unknown>);
  await ask(INTROSPECTION);
  await question;
  assert.deepEqual(asked, ['{ __schema { types { name } } }', '{ name }']);
  assert.deepEqual(asking.exchanges[1]?.left, ['Query.email']);
});
