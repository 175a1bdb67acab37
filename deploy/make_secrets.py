"""Makes what docker-compose.yml wants in deploy/secrets: passwords, the key of cursors, and Keycloak's certificate.

    .venv/bin/python deploy/make_secrets.py            # what is there already stays as it is
    .venv/bin/python deploy/make_secrets.py FOLDER

The folder is for its owner alone; files in it can be read by the containers, which run as users of their own. The
key of the authority that signs the certificate is kept nowhere. For more than a trial bring certificates of your own.
"""

import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOSTS = ("keycloak", "localhost")
LIFETIME = timedelta(days=365)
USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def main(folder: Path) -> None:
    """Make what is missing."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = keep(folder / "neo4j_password", secrets.token_hex(24))
    keep(folder / "neo4j_auth", f"neo4j/{password}")
    keep(folder / "cursor_key", secrets.token_hex(64))
    keep(folder / "vault_key", secrets.token_hex(64))
    keep(folder / "keycloak_admin_password", secrets.token_hex(24))
    if not (folder / "keycloak_key.pem").exists():
        for name, text in certificates().items():
            keep(folder / name, text)


def keep(file: Path, text: str) -> str:
    """Write a file that is not there yet; what it holds."""
    if not file.exists():
        file.write_text(text, encoding="ascii")
        file.chmod(0o644)
    return file.read_text(encoding="ascii").strip()


def certificates() -> dict[str, str]:
    """An authority, and a certificate of it with its key, as PEM (RFC 5280)."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "customer-graph trial authority")])
    above = built(name, name, authority.public_key(), authority.public_key(), authority=True)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    below = built(subject, name, key.public_key(), authority.public_key(), authority=False)
    below = below.add_extension(alternatives, critical=False)
    below = below.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "ca.pem": above.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM).decode(),
        "keycloak.pem": below.sign(authority, hashes.SHA256()).public_bytes(Encoding.PEM).decode(),
        "keycloak_key.pem": private.decode(),
    }


def built(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signing: ec.EllipticCurvePublicKey,
    *,
    authority: bool,
) -> x509.CertificateBuilder:
    """A certificate that is not signed yet, with what strict clients ask for (RFC 5280, section 4.2.1)."""
    now = datetime.now(UTC)
    usage = dict.fromkeys(USAGES, False) | {"key_cert_sign" if authority else "digital_signature": True}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing), critical=False)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "secrets")
