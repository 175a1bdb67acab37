import { ApolloLink } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient as clientOfEvents, type Client as Events } from 'graphql-sse';
import { CloseCode, createClient as clientOfSocket, type Client as Socket } from 'graphql-ws';

/** Over WebSocket, where a browser sets no header: who asks is said first. `token` is asked at every connection. */
export function socketFor(address: string, role: string, token: () => string): Socket {
  return clientOfSocket({
    url: `${address.replace(/^http/, 'ws')}/graphql`,
    connectionParams: () => ({ Authorization: `Bearer ${token()}`, 'X-Role': role }),
    // Whatever else breaks a connection may be over soon; a role or purpose that is not yours will not.
    shouldRetry: (problem) => (problem as CloseEvent).code !== CloseCode.Forbidden,
  });
}

/** Over server-sent events: one request each, with headers as any other. */
export function eventsFor(address: string, role: string, token: () => string, retryAttempts = 5): Events {
  return clientOfEvents({
    url: `${address}/graphql`,
    headers: () => ({ authorization: `Bearer ${token()}`, 'x-role': role }),
    retryAttempts,
  });
}

/** For Apollo Client: subscriptions over the socket, all else over HTTP. */
export function withLive(http: ApolloLink, socket: Socket): ApolloLink {
  return ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    http,
  );
}
