"""Names the worker that holds something in the store for a while, so that others leave it alone."""

import os
import socket
import uuid


def new_owner() -> str:
    """Returns a name for a worker: its machine, its process, and itself."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def is_void(owner: str | None) -> bool:
    """Returns whether an owner is a process of this machine that is no more."""
    host, pid, _ = (owner or "::").split(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
