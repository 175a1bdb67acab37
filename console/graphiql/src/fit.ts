import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  print,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A document as far as a schema can answer it, and the names of the fields that had to go. */
export interface Fitted {
  readonly document: string;
  readonly left: readonly string[];
}

/**
 * Leaves out of a document the fields that a schema does not have. Null when nothing had to go, when nothing would
 * stay, when it would still not be valid (that is for its writer to mend), or when it is no query.
 */
export function fit(document: string, schema: GraphQLSchema): Fitted | null {
  try {
    const written = parse(document);
    if (!written.definitions.every(isQueryOrFragment)) return null;
    const left = new Set<string>();
    const fitted = withoutUnused(withoutUnknownFields(written, schema, left));
    if (left.size === 0 || fitted.definitions.length === 0 || validate(schema, fitted).length > 0) return null;
    return { document: `${print(fitted)}\n`, left: [...left] };
  } catch {
    return null;
  }
}

/** Half a mutation is another mutation: only questions are ever cut. */
function isQueryOrFragment(definition: DefinitionNode): boolean {
  return (
    definition.kind === Kind.FRAGMENT_DEFINITION ||
    (definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.QUERY)
  );
}

function withoutUnknownFields(document: DocumentNode, schema: GraphQLSchema, left: Set<string>): DocumentNode {
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          if (types.getFieldDef()) return undefined;
          const parent = types.getParentType();
          left.add(parent ? `${parent.name}.${node.name.value}` : node.name.value);
          return null;
        },
        leave(node) {
          return node.selectionSet?.selections.length === 0 ? null : undefined;
        },
      },
      InlineFragment: { leave: (node) => (node.selectionSet.selections.length === 0 ? null : undefined) },
      FragmentDefinition: { leave: (node) => (node.selectionSet.selections.length === 0 ? null : undefined) },
      OperationDefinition: { leave: (node) => (node.selectionSet.selections.length === 0 ? null : undefined) },
    }),
  );
}

/** What an operation declares and no longer uses would make it invalid. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const variables = new Set<string>();
  const fragments = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => void variables.add(node.name.value),
    FragmentSpread: (node) => void fragments.add(node.name.value),
  });
  return visit(document, {
    VariableDefinition: (node) => (variables.has(node.variable.name.value) ? undefined : null),
    FragmentDefinition: (node) => (fragments.has(node.name.value) ? undefined : null),
  });
}
