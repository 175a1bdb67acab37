"""Live sources for tests: their file, their keys, and requests as their libraries make them."""

import base64
from pathlib import Path

from ingest.live.sources import digest_of

WEB, APP, OFFICE = "key-of-the-web-shop", "key-of-the-app", "key-of-the-back-office"
SHOP = "https://shop.example.com"
DECLARED = f"""
[[source]]
system = "web"
about = "Web shop"
keys_sha256 = ["{digest_of(WEB)}"]
sends = ["identify", "page", "track", "alias", "group"]
origins = ["{SHOP}"]
country = "DE"

[[source]]
system = "app"
about = "App"
keys_sha256 = ["{digest_of(APP)}"]
sends = ["identify", "screen", "track", "alias"]
country = "DE"

[[source]]
system = "office"
about = "Back office"
keys_sha256 = ["{digest_of(OFFICE)}"]
sends = ["customers", "orders", "cases", "calls", "messages", "consents"]
"""


def declared(folder: Path) -> Path:
    """A file that declares the sources."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "live.toml"
    file.write_text(DECLARED, encoding="utf-8")
    return file


def by(key: str) -> dict[str, str]:
    """The headers that bring a write key."""
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
