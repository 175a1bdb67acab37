import type { RoleChoice } from './config.ts';
import { identities, type Identity } from './identity.ts';

/** What one browser tab remembers, and forgets when it is closed. */
export interface Remembered {
  readonly identities: readonly Identity[];
  readonly active: string | null;
  readonly purposes: Readonly<Record<string, string>>;
}

const KEY = 'customer-graph:identities';
const NOTHING: Remembered = { identities: [], active: null, purposes: {} };

// sessionStorage and nothing else: localStorage would keep a token for the next person at this machine.

/** Reads what this tab remembers; what cannot be read is forgotten. */
export function recall(known: readonly RoleChoice[]): Remembered {
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as StoredForm | null;
    if (stored === null) return NOTHING;
    const all = stored.tokens.flatMap((token) => identities(token, known));
    const kept = all.filter((identity) => stored.ids.includes(identity.id));
    return { identities: kept, active: stored.active, purposes: stored.purposes };
  } catch {
    sessionStorage.removeItem(KEY);
    return NOTHING;
  }
}

export function remember(state: Remembered): void {
  // A session is the server's to remember.
  const own = state.identities.filter((identity) => identity.token !== null);
  if (own.length === 0) {
    sessionStorage.removeItem(KEY);
    return;
  }
  const stored: StoredForm = {
    tokens: [...new Set(own.flatMap((identity) => identity.token ?? []))],
    ids: own.map((identity) => identity.id),
    active: state.active,
    purposes: state.purposes,
  };
  sessionStorage.setItem(KEY, JSON.stringify(stored));
}

/** Adds identities, a newer token in the place of an older one for the same person and role, and turns to the first. */
export function withAdded(state: Remembered, added: readonly Identity[]): Remembered {
  const byId = new Map([...state.identities, ...added].map((identity) => [identity.id, identity]));
  return { ...state, identities: [...byId.values()], active: added[0]?.id ?? state.active };
}

export function without(state: Remembered, id: string): Remembered {
  const kept = state.identities.filter((identity) => identity.id !== id);
  const active = state.active === id ? (kept[0]?.id ?? null) : state.active;
  const purposes = Object.fromEntries(Object.entries(state.purposes).filter(([key]) => key !== id));
  return { identities: kept, active, purposes };
}

interface StoredForm {
  readonly tokens: readonly string[];
  readonly ids: readonly string[];
  readonly active: string | null;
  readonly purposes: Readonly<Record<string, string>>;
}
