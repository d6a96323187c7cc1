"""Runs the installed `pactwatch` command in processes of its own, as a user does."""

import subprocess
import sys
from pathlib import Path

PACTWATCH = str(Path(sys.executable).parent / "pactwatch")


def run_anyhow(*arguments: str, cwd: Path | None = None, seconds: float = 600) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end and returns what it printed, whatever its exit code."""
    command = [PACTWATCH, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=seconds, check=False)


def pactwatch(
    *arguments: str, cwd: Path | None = None, code: int = 0, seconds: float = 600
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end and returns what it printed; the exit code must be `code`."""
    done = run_anyhow(*arguments, cwd=cwd, seconds=seconds)
    assert done.returncode == code, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def start(*arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    """Starts a command and returns its process."""
    return subprocess.Popen(
        [PACTWATCH, *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def canonical(store_url: str) -> str:
    """Returns the canonical export of a store."""
    return pactwatch("export", "--canonical", "--store", store_url).stdout
