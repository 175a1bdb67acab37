// What the tests of both protocols ask: to follow a customer and what is said with her, and to change something of hers.
import assert from 'node:assert/strict';
import { customer } from './server.js';

export type Result = { data?: Record<string, any> | null | undefined; errors?: readonly unknown[] | undefined };
export type Asked = { query: string; variables?: Record<string, unknown> };
/** What graphql-ws and graphql-sse have in common. */
export type Client = { iterate(asked: Asked): AsyncIterableIterator<Result> };

const id = customer;
const FOLLOW = 'subscription ($id: ID!) { customerChanged(id: $id) { id preferredChannel } }';
const HEAR = 'subscription ($id: ID) { interactionRecorded(customer: $id) { subject kind customer { id } } }';
const PREFER = `mutation ($id: ID!, $channel: ChannelKind!) {
  setChannelPreference(input: { customer: $id, channel: $channel }) { customer { preferredChannel } } }`;
const RECORD = `mutation ($id: ID!, $subject: String!) {
  recordInteraction(input: { customer: $id, kind: CALL, direction: INBOUND, subject: $subject }) { interaction { id } } }`;

export const followed: Asked = { query: FOLLOW, variables: { id } };
export const nobody: Asked = { query: FOLLOW, variables: { id: 'cus_nobody' } };
export const nonsense: Asked = { query: '{ noSuchField }' };

/** Set a preference: an answer without errors. */
export async function prefer(client: Client, channel: string): Promise<void> {
  const { data } = await only(client.iterate({ query: PREFER, variables: { id, channel } }));
  assert.equal(data?.setChannelPreference.customer.preferredChannel, channel);
}

/** A channel that is another. */
export function other(channel: string | null): string {
  return channel === 'EMAIL' ? 'PHONE' : 'EMAIL';
}

/** The next result of a subscription, which must go on. */
export async function next(results: AsyncIterableIterator<Result>): Promise<Record<string, any>> {
  const { done, value } = await results.next();
  assert(!done);
  assert.deepEqual(value.errors ?? [], []);
  assert(value.data);
  return value.data;
}

/** The one result of what has one. */
export async function only(results: AsyncIterableIterator<Result>): Promise<Result> {
  const found: Result[] = [];
  for await (const result of results) found.push(result);
  assert.equal(found.length, 1);
  assert.deepEqual(found[0]?.errors ?? [], []);
  return found[0] as Result;
}

/** Follow a customer, change something of hers by the same client, be told, and stop. */
export async function followAndChange(client: Client): Promise<void> {
  const results = client.iterate(followed);
  const shown = (await next(results)).customerChanged;
  assert.equal(shown.id, customer);
  let channel = shown.preferredChannel;
  for (let round = 0; round < 2; round += 1) {
    channel = other(channel);
    await prefer(client, channel);
    assert.deepEqual((await next(results)).customerChanged, { ...shown, preferredChannel: channel });
  }
  assert.deepEqual(await results.return?.(), { done: true, value: undefined });
}

/** Hear what is recorded; that the subscription has begun nothing tells, so it is recorded until it was heard. */
export async function hear(client: Client, subject: string): Promise<void> {
  const results = client.iterate({ query: HEAR, variables: { id: customer } });
  const heard = next(results).then((data) => data.interactionRecorded);
  let told = false;
  void heard.then(() => (told = true), () => (told = true));
  for (let tries = 0; !told && tries < 100; tries += 1) {
    await only(client.iterate({ query: RECORD, variables: { id: customer, subject } }));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.deepEqual(await heard, { subject, kind: 'CALL', customer: { id: customer } });
  await results.return?.();
}

/** More in a row than a viewer may have at once (16): each that was stopped must have ended at the server too. */
export async function followAndStop(client: Client): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    for await (const { data, errors } of client.iterate(followed)) {
      assert.deepEqual(errors ?? [], []);
      assert.equal(data?.customerChanged.id, customer);
      break;
    }
  }
}
