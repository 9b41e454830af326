"""How a connection says that it could not do its work, in the error classes that flows can route on.

    ConnectionFailedError(Exception)    told by the runner as if the node itself had failed with that class
        ConnectionUnusableError         it cannot even be opened here: a secret or a folder is missing
        HeldBackError                   it was not asked: its `rate` lets no more through just now
"""

from __future__ import annotations


class ConnectionFailedError(Exception):
    """The outside did not do it. `error_class` is one of `timeout rate_limited unavailable refused invalid`.

    `in_doubt`: it was asked, and may have done it all the same.
    """

    def __init__(
        self, error_class: str, message: str, retry_after_s: float | None = None, *, in_doubt: bool = False
    ) -> None:
        self.error_class, self.message, self.retry_after_s = error_class, message, retry_after_s
        self.in_doubt = in_doubt
        super().__init__(f"{error_class}: {message}")


class ConnectionUnusableError(ConnectionFailedError):
    """A matter of this machine, not of the order: exit code 4."""

    def __init__(self, message: str) -> None:
        super().__init__("refused", message)


class HeldBackError(ConnectionFailedError):
    """Not an attempt: the call is made as soon as there is room, however often that takes."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__("rate_limited", message, retry_after_s)
