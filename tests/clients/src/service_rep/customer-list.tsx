import { useQuery } from '@apollo/client/react';
import { graphql } from '../../made/service_rep/index.js';

export const CUSTOMERS = graphql(`
  query Customers($first: Int!, $after: String) {
    customers(first: $first, after: $after, orderBy: [{ orderCount: DESC }]) {
      totalCount
      edges { cursor node { id name birthDate lifetimeValue _withheld { field reason } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export function CustomerList() {
  const { data, error, fetchMore } = useQuery(CUSTOMERS, { variables: { first: 3 } });
  if (error) return <p role="alert">{error.message}</p>;
  const page = data?.customers;
  return (
    <>
      <ul>
        {page?.edges.map(({ node }) => (
          <li key={node.id}>
            {node.name} {node.birthDate} {node._withheld.map(({ field, reason }) => `${field}: ${reason}`).join(', ')}
          </li>
        ))}
      </ul>
      {page?.pageInfo.hasNextPage && (
        <button onClick={() => fetchMore({ variables: { after: page.pageInfo.endCursor } })}>More</button>
      )}
    </>
  );
}
