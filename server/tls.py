"""TLS as the settings say: HTTPS alone, TLS 1.2 or newer, and a key that no other user of the machine can read."""

import ssl
import stat
from pathlib import Path

from schema.errors import SettingInvalid
from server.settings import Settings

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2, what RFC 9325 recommends; TLS 1.3 has no others."""
FOR_OTHERS = stat.S_IRWXO | stat.S_IWGRP


def server_context(settings: Settings) -> ssl.SSLContext | None:
    """What the server offers; None without a certificate. Raises SettingInvalid, saying what to do."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    demand_private(settings.tls_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key, password=_no_password)
    except (OSError, ValueError):  # OpenSSL's own words may hold pieces of the file
        raise SettingInvalid(
            "CUSTOMER_GRAPH_TLS_CERTIFICATE and CUSTOMER_GRAPH_TLS_KEY must be a certificate and its key, "
            "both PEM, the key without a password."
        ) from None
    return context


def demand_private(key: Path) -> None:
    """Whoever reads the key can stand in for the server. Raises SettingInvalid."""
    try:
        mode = key.stat().st_mode
    except OSError:
        raise SettingInvalid("CUSTOMER_GRAPH_TLS_KEY must name a file that the server may read.") from None
    if mode & FOR_OTHERS:
        raise SettingInvalid(
            "Other users of this machine can read or change the file that CUSTOMER_GRAPH_TLS_KEY names. "
            "Take the right from them with: chmod 600 FILE"
        )


def own_context(settings: Settings) -> ssl.SSLContext | bool:
    """How this machine's own commands verify the server beside them: by its very certificate, whatever its name.

    They reach it at 127.0.0.1, for which nobody signs.
    """
    if settings.tls_certificate is None:
        return True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(settings.tls_certificate)
    return context


def _no_password() -> str:
    """Without it OpenSSL would ask at the terminal."""
    return ""
