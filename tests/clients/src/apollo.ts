import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** A client for one role, with a cache of its own: what one role was shown must not be read by another. */
export function clientFor(address: string, role: string, token: string): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({
      uri: `${address}/graphql`,
      headers: { authorization: `Bearer ${token}`, 'x-role': role },
    }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { customers: relayStylePagination(['where', 'orderBy']) } },
        Customer: { fields: { orders: relayStylePagination(['where', 'orderBy']) } },
      },
    }),
  });
}
