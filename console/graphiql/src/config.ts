/** What the server tells the page about itself: public names only, never a token. */
export interface PageConfig {
  readonly endpoint: string;
  readonly roles: readonly RoleChoice[];
  readonly examples: readonly Example[];
  /** Whether people can sign in at /login. */
  readonly login: boolean;
}

export interface RoleChoice {
  readonly role: string;
  readonly title: string;
  readonly purposes: readonly string[];
}

export interface Example {
  readonly title: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Reads `config.json` beside the page. Throws a sentence fit to show when the server gives none or a wrong one. */
export async function readConfig(): Promise<PageConfig> {
  const response = await fetch(`${import.meta.env.BASE_URL}config.json`, { redirect: 'error' }).catch(() => {
    throw new Error('The server does not answer. Is it still running?');
  });
  if (!response.ok) throw new Error(`The server gave no configuration for this page (status ${response.status}).`);
  const config = (await response.json()) as Partial<PageConfig>;
  const endpoint = config.endpoint ?? '/graphql';
  // Tokens are sent to the endpoint: it may only be the server that this page came from.
  if (new URL(endpoint, location.href).origin !== location.origin) {
    throw new Error('The configured endpoint is on another origin; this page sends tokens to its own server only.');
  }
  return { endpoint, roles: config.roles ?? [], examples: config.examples ?? [], login: config.login === true };
}
