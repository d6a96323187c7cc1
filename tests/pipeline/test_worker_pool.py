"""A worker that dies is started anew, unless it is told to stop or nobody waits for it."""

import os
import signal
import socket
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.worker_pool import WorkerPool, is_reachable
from tests.flink import children, until

pytestmark = pytest.mark.integration


@pytest.fixture
def pool():
    made = WorkerPool()
    yield made
    made.stop()


def _workers(name: str) -> list[int]:
    return [pid for pid in children(os.getpid()) if name.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def _request(name: str, endpoint: socket.socket) -> SimpleNamespace:
    address = f"127.0.0.1:{endpoint.getsockname()[1]}"
    return SimpleNamespace(worker_id=name, control_endpoint=SimpleNamespace(url=address))


def test_worker_that_dies_is_started_anew_until_it_is_stopped(pool):
    with socket.create_server(("127.0.0.1", 0)) as endpoint:
        request = _request("worker-a", endpoint)
        pool.StartWorker(request, None)
        [first] = _workers("worker-a")
        os.kill(first, signal.SIGKILL)
        until(lambda: _workers("worker-a") not in ([], [first]), "another is there")
        pool.StopWorker(request, None)
        assert _workers("worker-a") == []


def test_worker_that_nobody_waits_for_is_not_started_anew(pool):
    with socket.create_server(("127.0.0.1", 0)) as endpoint:
        request = _request("worker-b", endpoint)
        address = request.control_endpoint.url
        assert is_reachable(address)
        pool.StartWorker(request, None)
    assert not is_reachable(address)
    [attending] = [each for each in threading.enumerate() if each.name == "worker worker-b"]
    os.kill(_workers("worker-b")[0], signal.SIGKILL)
    attending.join(60)
    assert not attending.is_alive()
    assert _workers("worker-b") == []
