// Where the server is and who may ask it: tests/test_clients.py writes both into the environment.

export const address = demanded('SERVER');

/** A token of someone who works in a role. */
export function token(role: string): string {
  return demanded(`TOKEN_${role.toUpperCase()}`);
}

function demanded(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Somebody whom the roles of these tests may see. */
export const customer = process.env.CUSTOMER ?? '';
