// Subscriptions over WebSocket: graphql-ws, unchanged, by itself, below Apollo Client and below urql.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { CloseCode } from 'graphql-ws';
import { followAndChange, followAndStop, followed, hear, next, nobody, nonsense, only, other, prefer } from './following.js';
import { socketFor, withLive } from './live.js';
import { address, customer, token } from './server.js';

const rep = () => token('service_rep');

function coded(code: string) {
  return (errors: any) => {
    assert.equal(errors[0].extensions.code, code);
    return true;
  };
}

function closedWith(code: number) {
  return (closed: any) => {
    assert.equal(closed.code, code);
    return true;
  };
}

test('a customer is followed, changed and followed', async () => {
  const socket = socketFor(address, 'service_rep', rep);
  await followAndChange(socket);
  await hear(socket, 'heard over a socket');
  await socket.dispose();
});

test('all is asked over one connection, and what was stopped has ended', async () => {
  const socket = socketFor(address, 'service_rep', rep);
  let opened = 0;
  socket.on('opened', () => (opened += 1));
  const kept = socket.iterate(followed);
  await next(kept);
  await followAndStop(socket);
  const { data } = await only(socket.iterate({ query: '{ viewer { role } }' }));
  assert.deepEqual(data, { viewer: { role: 'service_rep' } });
  assert.equal(opened, 1);
  await kept.return?.();
  await socket.dispose();
});

test('a connection that breaks is made again, and the customer still followed', async () => {
  const socket = socketFor(address, 'service_rep', rep);
  let opened = 0;
  socket.on('opened', () => (opened += 1));
  const results = socket.iterate(followed);
  const { preferredChannel } = (await next(results)).customerChanged;
  socket.terminate();
  assert.equal((await next(results)).customerChanged.preferredChannel, preferredChannel);
  assert.equal(opened, 2);
  await prefer(socket, other(preferredChannel));
  assert.equal((await next(results)).customerChanged.preferredChannel, other(preferredChannel));
  await results.return?.();
  await socket.dispose();
});

test('a refusal comes with its code, and leaves the connection', async () => {
  const socket = socketFor(address, 'service_rep', rep);
  const kept = socket.iterate(followed);
  await next(kept);
  await assert.rejects(socket.iterate(nonsense).next(), coded('CG201'));
  await assert.rejects(socket.iterate(nobody).next(), coded('CG210'));
  await prefer(socket, 'SMS');
  await kept.return?.();
  await socket.dispose();
});

test('a wrong token and another role are refused, and not tried again', async () => {
  let connections = 0;
  for (const [role, said, code] of [
    ['service_rep', 'a.b.c', CloseCode.Unauthorized],
    ['auditor', rep(), CloseCode.Forbidden],
  ] as const) {
    const socket = socketFor(address, role, () => said);
    socket.on('connecting', () => (connections += 1));
    await assert.rejects(socket.iterate(followed).next(), closedWith(code));
    await socket.dispose();
  }
  assert.equal(connections, 2);
});

test('Apollo Client puts what it is told into its cache', async () => {
  const socket = socketFor(address, 'service_rep', rep);
  const http = new HttpLink({ uri: `${address}/graphql`, headers: { authorization: `Bearer ${rep()}` } });
  const client = new ApolloClient({ link: withLive(http, socket), cache: new InMemoryCache() });
  const variables = { id: customer };
  const query = gql`query One($id: ID!) { customer(id: $id) { id preferredChannel } }`;
  const before: any = (await client.query({ query, variables })).data;
  const wanted = other(before.customer.preferredChannel);
  const cached = () => client.readQuery<any>({ query, variables }).customer.preferredChannel;
  let told = 0;
  await new Promise<void>((resolve, reject) => {
    const document = gql(followed.query);
    const watching = client.subscribe<any>({ query: document, variables }).subscribe({
      error: reject,
      next: ({ data, error }) => {
        if (error) return reject(error);
        told += 1;
        if (data.customerChanged.preferredChannel === wanted) {
          watching.unsubscribe();
          return resolve();
        }
        prefer(socket, wanted).catch(reject);
      },
    });
  });
  assert.equal(told, 2);
  assert.equal(cached(), wanted);
  await socket.dispose();
});

test('urql follows over the same client', async () => {
  const socket = socketFor(address, 'service_rep', rep);
  const client = new Client({
    url: `${address}/graphql`,
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables: variables as {} }, sink) }),
        }),
      }),
    ],
  });
  const told: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const watching = client.subscription(followed.query, followed.variables).subscribe(({ data, error }) => {
      if (error) return reject(error);
      told.push(data.customerChanged.preferredChannel);
      if (told.length === 2) return resolve();
      prefer(socket, other(told[0] ?? null)).catch(reject);
    });
    void watching;
  });
  assert.equal(told[1], other(told[0] ?? null));
  await socket.dispose();
});
