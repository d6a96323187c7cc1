"""Says how much a single request to the web may take and where it may go."""

from transforms.records import record


@record
class FetchLimits:
    """How much a single request may take and where it may go.

    Attributes:
        max_bytes: Of a body, as received and after decompression.
        total_seconds: From the first connection to the last byte, redirects included.
        step_seconds: For a connection, and between two pieces of an answer.
        max_redirects: How many are followed.
        allow_private_hosts: Whether hosts of private, loopback and link-local networks may be asked.
    """

    max_bytes: int = 10_000_000
    total_seconds: float = 30.0
    step_seconds: float = 15.0
    max_redirects: int = 8
    allow_private_hosts: bool = False
