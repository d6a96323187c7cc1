"""Two machines for tests, made of network namespaces: each has a TaskManager and a pool of Python workers in it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flink import FOLDER, until

BRIDGE, ADDRESS = "pactwatch0", "10.77.0.1"
MACHINES = {"pactwatch1": "10.77.0.11", "pactwatch2": "10.77.0.12"}
RPC_PORT, REST_PORT, JOB_PORT, POOL_PORT = 16223, 18281, 18299, 15000
ENTRY = "org.apache.flink.runtime"
CONF = """
jobmanager.rpc.address: {address}
jobmanager.rpc.port: {rpc}
jobmanager.bind-host: 0.0.0.0
rest.address: {address}
rest.bind-address: 0.0.0.0
rest.port: {rest}
taskmanager.host: {host}
taskmanager.bind-host: 0.0.0.0
taskmanager.numberOfTaskSlots: 1
taskmanager.cpu.cores: 1
taskmanager.memory.task.heap.size: 384m
taskmanager.memory.task.off-heap.size: 0m
taskmanager.memory.framework.heap.size: 128m
taskmanager.memory.framework.off-heap.size: 128m
taskmanager.memory.jvm-metaspace.size: 256m
taskmanager.memory.jvm-overhead.min: 192m
taskmanager.memory.jvm-overhead.max: 192m
taskmanager.memory.network.min: 64m
taskmanager.memory.network.max: 64m
taskmanager.memory.managed.size: 64m
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 1000
classloader.resolve-order: parent-first
io.tmp.dirs: {folder}
"""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _wire() -> None:
    _ip("link", "add", BRIDGE, "type", "bridge")
    _ip("addr", "add", f"{ADDRESS}/24", "dev", BRIDGE)
    _ip("link", "set", BRIDGE, "up")
    for number, (name, address) in enumerate(MACHINES.items()):
        _ip("netns", "add", name)
        _ip("link", "add", f"pw{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", f"pw{number}", "master", BRIDGE, "up")
        for words in (["addr", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
            _ip("-n", name, *words)
        _ip("-n", name, "link", "set", "lo", "up")


def _unwire() -> None:
    for name in MACHINES:
        subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)
    subprocess.run(["ip", "link", "delete", BRIDGE], check=False, capture_output=True)


class _Forward:
    """Takes connections from the machines to a server that listens on this one's localhost only."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server = socket.create_server((ADDRESS, 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed at the end
            while True:
                near, _ = self._server.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)  # which ends the thread that reads from it
        one.close()

    def close(self) -> None:
        self._server.close()


class Machines:
    """The cluster: what to give to Beam, and where its store can be reached."""

    def __init__(self, folder: Path, store_port: int) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._forward = _Forward(store_port)
        self.pools: dict[str, int] = {}

    @property
    def store_server(self) -> str:
        return f"http://{ADDRESS}:{self._forward.port}"

    @property
    def options(self) -> list[str]:
        return [
            "--runner=PortableRunner",
            f"--job_endpoint=127.0.0.1:{JOB_PORT}",
            "--environment_type=EXTERNAL",
            f"--environment_config=localhost:{POOL_PORT}",
            "--parallelism=2",
        ]

    def _spawn(self, *command: str, at: str | None = None) -> int:
        prefix = ["ip", "netns", "exec", at] if at else []
        paths = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with (self._folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*prefix, *command],
                env={**os.environ, "PATH": paths},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process.pid

    def _java(self, name: str, heap: str, entry: str, *options: str, at: str | None = None) -> None:
        conf = self._folder / name
        conf.mkdir()
        text = CONF.format(
            address=ADDRESS, rpc=RPC_PORT, rest=REST_PORT, host=MACHINES.get(name, ADDRESS), folder=self._folder
        )
        (conf / "flink-conf.yaml").write_text(text, encoding="utf-8")
        java = str(next(iter(sorted(Path("/usr/lib/jvm").glob("*17*/bin/java"))), "java"))
        packages = (
            "util lang time util.concurrent nio net text util.concurrent.locks util.concurrent.atomic lang.reflect io"
        )
        opens = [f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in packages.split()]
        given = options or ("--configDir", str(conf))
        self._spawn(java, *opens, f"-Xmx{heap}", "-cp", f"{FOLDER}/lib/*", entry, *given, at=at)

    def start(self) -> None:
        """Starts all parts and waits until both machines have reported."""
        self._java("jobmanager", "512m", f"{ENTRY}.entrypoint.StandaloneSessionClusterEntrypoint")
        for name in MACHINES:
            self._java(name, "512m", f"{ENTRY}.taskexecutor.TaskManagerRunner", at=name)
            pool = "pipeline.worker_pool"
            self.pools[name] = self._spawn(sys.executable, "-m", pool, f"--service_port={POOL_PORT}", at=name)
        until(lambda: '"taskmanagers":2' in self._overview(), "both machines reported")
        master = f"--flink-master={ADDRESS}:{REST_PORT}"
        ports = (f"--job-port={JOB_PORT}", "--artifact-port=0", "--expansion-port=-1")
        driver = "org.apache.beam.runners.flink.FlinkJobServerDriver"
        self._java("jobserver", "512m", driver, master, *ports, f"--artifacts-dir={self._folder}/artifacts")
        until(self._serves, "the job server listens")

    @staticmethod
    def _overview() -> str:
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, REST_PORT), timeout=5) as asked:
            asked.sendall(b"GET /overview HTTP/1.0\r\n\r\n")
            return b"".join(iter(lambda: asked.recv(4_096), b"")).decode()
        return ""

    @staticmethod
    def _serves() -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", JOB_PORT)) == 0

    def stop(self) -> None:
        self._forward.close()
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def two_machines(folder: Path, store_port: int) -> Iterator[Machines]:
    """Runs the cluster; skips the test where namespaces cannot be made or Flink's libraries are not there."""
    if os.geteuid() != 0 or shutil.which("ip") is None or not (FOLDER / "lib").is_dir():
        pytest.skip("needs root, iproute2 and the Flink of ../shared/tools/start_flink.py")
    _unwire()
    try:
        _wire()
        machines = Machines(folder, store_port)
        try:
            machines.start()
            yield machines
        finally:
            machines.stop()
    finally:
        _unwire()
