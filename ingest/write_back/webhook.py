"""A signed webhook: the headers of the Standard Webhooks specification around an event in CloudEvents' structured mode.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

Both are a few lines; the PyPI packages of both bring clients of their own for what is one HMAC and one JSON object.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def headers(id_: str, moment: int, body: bytes, secrets: Sequence[bytes]) -> Mapping[str, str]:
    """The headers of one attempt; `moment` is its time in seconds, so that an old one cannot be sent again later."""
    return {
        "content-type": CONTENT_TYPE,
        "webhook-id": id_,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(signature(id_, moment, body, secret) for secret in secrets),
    }


def signature(id_: str, moment: int, body: bytes, secret: bytes) -> str:
    """HMAC-SHA256 over id, time and body, as `v1,<base64>`."""
    signed = b".".join((id_.encode(), str(moment).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
