import { graphql } from 'relay-runtime';

export const customer = graphql`
  fragment customers_customer on Customer
  @refetchable(queryName: "customersOrdersQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
    id
    name
    _withheld { field reason }
    orders(first: $first, after: $after) @connection(key: "Customer_orders") {
      edges { node { id placedAt } }
    }
  }
`;

export const query = graphql`
  query customersQuery {
    customers(first: 1, orderBy: [{ orderCount: DESC }]) {
      nodes { id ...customers_customer }
    }
  }
`;
