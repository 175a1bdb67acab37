"""What can go wrong, each with a message that says what to do."""


class ClientError(Exception):
    """Anything that this client raises of its own."""


class Refused(ClientError):
    """The server refused; `code` is stable (docs/errors.md), `status` is that of HTTP."""

    def __init__(self, code: str, message: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.retry_after = retry_after


class Broken(ClientError):
    """A download broke off again and again without bringing anything more."""


class NotThere(ClientError):
    """There is no such record for this role and purpose, which is all that can be known of it."""


class LibraryMissing(ClientError):
    """A library that a form of the data needs is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not installed: pip install 'customer-graph-client[{name}]'")
