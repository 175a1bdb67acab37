"""The two cookies of signing in: a sign-in under way, sealed into the first, and the name of a session in the second.

No script can read either (HttpOnly), neither goes to another host or over plain http: their names begin with `__Host-`
(RFC 6265bis), except where this server is at http on this machine, where some browsers refuse such cookies.
"""

import json
import time
from collections.abc import Callable

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import Request
from starlette.responses import Response

from auth.oauth import Pending

SECONDS_TO_SIGN_IN = 600
LARGEST_SEALED = 2048
SEAL = {"alg": "dir", "enc": "A256GCM"}


class Cookies:
    """Writes and reads them. The key of the seal lives and dies with the process."""

    def __init__(self, *, secure: bool, clock: Callable[[], float] = time.time) -> None:
        prefix = "__Host-" if secure else ""
        self.session = f"{prefix}customer-graph-session"
        self.pending = f"{prefix}customer-graph-sign-in"
        self._secure = secure
        self._clock = clock
        self._key = OctKey.generate_key(256)

    def keep_pending(self, response: Response, pending: Pending) -> None:
        """Lax: it has to come along when the identity provider sends the browser back."""
        said = {
            "state": pending.state,
            "nonce": pending.nonce,
            "code_verifier": pending.code_verifier,
            "until": self._clock() + SECONDS_TO_SIGN_IN,
        }
        sealed = jwe.encrypt_compact(SEAL, json.dumps(said).encode("ascii"), self._key)
        response.set_cookie(
            self.pending, sealed, SECONDS_TO_SIGN_IN, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def pending_of(self, request: Request) -> Pending | None:
        """The sign-in that this browser began, unless it took too long."""
        sealed = request.cookies.get(self.pending, "")
        if not sealed or len(sealed) > LARGEST_SEALED:
            return None
        try:
            opened = jwe.decrypt_compact(sealed, self._key, algorithms=list(SEAL.values())).plaintext
            said = json.loads(opened or b"{}")
        except (JoseError, ValueError):
            return None
        if said["until"] < self._clock():
            return None
        return Pending(said["state"], said["nonce"], said["code_verifier"])

    def keep_session(self, response: Response, name: str) -> None:
        """Strict: no other site can make a browser send it, not even by a link."""
        response.set_cookie(self.session, name, path="/", secure=self._secure, httponly=True, samesite="strict")

    def session_of(self, request: Request) -> str | None:
        """The name of this browser's session."""
        return request.cookies.get(self.session)

    def forget(self, response: Response, name: str) -> None:
        """Have the browser drop a cookie."""
        response.delete_cookie(name, path="/", secure=self._secure, httponly=True)
