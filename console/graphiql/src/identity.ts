import type { RoleChoice } from './config.ts';

/** One way to ask: a token, or the session of this browser, together with one of the roles that it carries. */
export interface Identity {
  readonly id: string;
  /** null where the browser signed in: its token stays with the server. */
  readonly token: string | null;
  readonly role: string | null;
  readonly subject: string | null;
  /** What the token limits its bearer to; null when it sets no limit. */
  readonly purposes: readonly string[] | null;
  readonly expires: number | null;
}

type Claims = Readonly<Record<string, unknown>>;

/** Names the shape of the problem and never repeats what was pasted. */
export class NotAToken extends Error {
  constructor() {
    super('That is not a token: three parts with dots between them are expected, as "customer-graph token" prints it.');
  }
}

/**
 * One identity for each role that a token claims. The token is only decoded here; whether it is valid, the server
 * decides. Without a known role the choice is left to the server: `role` is null and no X-Role is sent.
 */
export function identities(token: string, known: readonly RoleChoice[]): Identity[] {
  const claims = decode(token);
  const claimed = claimedRoles(claims);
  const offered = claimed.filter((role) => known.some((choice) => choice.role === role));
  const subject = text(claims['sub']);
  const roles: (string | null)[] = offered.length > 0 ? offered : [null];
  return roles.map((role) => ({
    id: `${role ?? ''}/${subject ?? ''}`,
    token,
    role,
    subject,
    purposes: claims['purposes'] === undefined ? null : words(claims['purposes']),
    expires: typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : null,
  }));
}

export function isExpired(identity: Identity, now: number): boolean {
  return identity.expires !== null && identity.expires <= now;
}

/** The purposes that both the role and the token allow, the role's usual one first. */
export function purposesOf(identity: Identity, choice: RoleChoice | undefined): readonly string[] {
  const limit = identity.purposes;
  if (choice === undefined) return limit ?? [];
  return limit === null ? choice.purposes : choice.purposes.filter((purpose) => limit.includes(purpose));
}

/** The claims of a compact JWT (RFC 7519), its signature unread. */
function decode(token: string): Claims {
  const parts = token.split('.');
  const payload = parts[1];
  if (parts.length !== 3 || !payload) throw new NotAToken();
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims === 'object' && claims !== null) return claims as Claims;
  } catch {
    // What could not be read may be a secret of another kind: the error must not carry it.
  }
  throw new NotAToken();
}

/** `roles` or `role` as this product writes them, `realm_access.roles` as Keycloak does. */
function claimedRoles(claims: Claims): string[] {
  const realm = claims['realm_access'];
  const nested = typeof realm === 'object' && realm !== null ? (realm as Claims)['roles'] : undefined;
  return [...new Set([claims['roles'], claims['role'], nested].flatMap(words))];
}

function words(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter(Boolean);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
