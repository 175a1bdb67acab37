// Types and typed documents for each role, from the role's own schema; and for documents that several roles share.
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';
import type { CodegenConfig } from '@graphql-codegen/cli';

const roles = [
  'auditor',
  'customer',
  'data_scientist',
  'data_steward',
  'marketer',
  'operations_manager',
  'privacy_officer',
  'service_rep',
];

const scalars = { Date: 'string', DateTime: 'string', Decimal: 'string' };
const config = { scalars, strictScalars: true, useTypeImports: true, enumsAsTypes: true };

const generates: CodegenConfig['generates'] = {};
for (const role of roles) {
  generates[`made/${role}/`] = {
    preset: 'client',
    schema: `made/schema/${role}.graphql`,
    documents: ['documents/everyone.graphql', `src/${role}/**/*.{ts,tsx}`],
    documentTransforms: [addTypenameSelectionDocumentTransform],
    presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
    config,
  };
}
generates['made/shared/'] = {
  preset: 'client',
  schema: 'made/schema/marketer+service_rep.graphql',
  documents: ['documents/card.graphql'],
  documentTransforms: [addTypenameSelectionDocumentTransform],
  presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
  config,
};

export default { generates, emitLegacyCommonJSImports: false, ignoreNoDocuments: true } satisfies CodegenConfig;
