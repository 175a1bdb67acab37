import { useRef } from 'react';

import { AddToken } from './AddToken.tsx';
import type { PageConfig } from './config.ts';
import { Examples } from './Examples.tsx';
import { type Identity, isExpired } from './identity.ts';

interface BarProps {
  readonly config: PageConfig;
  readonly signedIn: boolean;
  readonly identities: readonly Identity[];
  readonly active: Identity | null;
  /** What the active one may ask for. */
  readonly purposes: readonly string[];
  readonly purpose: string | null;
  readonly onActivate: (id: string) => void;
  readonly onForget: (id: string) => void;
  readonly onPurpose: (purpose: string) => void;
  /** Throws NotAToken when one of the pasted strings is none. */
  readonly onAdd: (tokens: readonly string[]) => void;
}

/** More askers than this do not fit beside the rest of the bar on a laptop's screen. */
const MANY = 4;

/** Who asks, for what purpose, and what one could ask. */
export function Bar(props: BarProps) {
  const { config, signedIn, identities, active, purposes, purpose, onActivate, onForget, onPurpose, onAdd } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const now = Date.now();
  return (
    <header className={identities.length > MANY ? 'bar many' : 'bar'}>
      <h1>
        customer<span>-graph</span>
      </h1>
      <Examples examples={config.examples} />
      <div className="askers" role="group" aria-label="Ask as">
        {identities.map((identity) => (
          <AskerButton
            key={identity.id}
            title={config.roles.find((known) => known.role === identity.role)?.title ?? 'Token’s own role'}
            identity={identity}
            pressed={identity.id === active?.id}
            expired={isExpired(identity, now)}
            onActivate={() => onActivate(identity.id)}
            onForget={() => onForget(identity.id)}
          />
        ))}
        {identities.length === 0 && (
          <span className="hint">Nobody is asking yet: {config.login ? 'sign in, or add' : 'add'} a token.</span>
        )}
      </div>
      {purposes.length > 0 && (
        <label className="purpose">
          <span>for</span>
          <select
            aria-label="Purpose"
            value={purpose ?? ''}
            disabled={purposes.length === 1}
            onChange={(event) => onPurpose(event.target.value)}
          >
            {purposes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      {config.login && (
        <a className={identities.length === 0 ? 'add first' : 'add'} href={signedIn ? '/logout' : '/login'}>
          {signedIn ? 'Sign out' : 'Sign in'}
        </a>
      )}
      <button
        type="button"
        className={identities.length === 0 && !config.login ? 'add first' : 'add'}
        onClick={() => dialog.current?.showModal()}
      >
        Add token
      </button>
      <AddToken dialog={dialog} roles={config.roles} onAdd={onAdd} />
    </header>
  );
}

interface AskerButtonProps {
  readonly identity: Identity;
  readonly title: string;
  readonly pressed: boolean;
  readonly expired: boolean;
  readonly onActivate: () => void;
  readonly onForget: () => void;
}

function AskerButton({ identity, title, pressed, expired, onActivate, onForget }: AskerButtonProps) {
  const classes = ['asker', pressed && 'pressed', expired && 'expired'].filter(Boolean).join(' ');
  return (
    <span className={classes}>
      <button type="button" aria-pressed={pressed} title={`Ask as ${title}`} onClick={onActivate}>
        <span>{title}</span>
        <small>{expired ? 'expired' : identity.subject}</small>
      </button>
      {identity.token !== null && (
        <button type="button" className="forget" aria-label={`Forget the token of ${title}`} onClick={onForget}>
          ×
        </button>
      )}
    </span>
  );
}
