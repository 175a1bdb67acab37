// root: __typename
// answered without a statement

// root: me
// answered without a statement
