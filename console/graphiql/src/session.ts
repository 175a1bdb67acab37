import type { PageConfig } from './config.ts';
import type { Identity } from './identity.ts';

/** Asking by the browser's session instead of a token: the cookie alone is not enough, and no other site can add this. */
export const BY_SESSION = { 'X-Session': '1' } as const;

interface SessionSaid {
  readonly subject: string;
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly purposes: readonly string[] | null;
}

/** Who signed in with this browser, one identity for each role; nobody where the server offers no sign-in. */
export async function readSession(config: PageConfig): Promise<Identity[]> {
  if (!config.login) return [];
  try {
    const response = await fetch('/login/session', { cache: 'no-store', redirect: 'error', headers: BY_SESSION });
    return response.ok ? identitiesOf((await response.json()) as SessionSaid | null) : [];
  } catch {
    return [];
  }
}

export function identitiesOf(said: SessionSaid | null): Identity[] {
  if (said === null) return [];
  const roles: readonly (string | null)[] = said.roles.length > 0 ? said.roles : [null];
  return roles.map((role) => ({
    id: `session/${role ?? ''}`,
    token: null,
    role,
    subject: said.name ?? 'signed in',
    purposes: said.purposes,
    expires: null,
  }));
}
