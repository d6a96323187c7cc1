"""`docker compose config` accepts docker-compose.yml, and what it starts is as the README promises."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import load_settings

ROOT = Path(__file__).parents[1]
ROLES = ROOT / "config" / "elasticsearch" / "roles"
README = ROOT / "README.md"


@pytest.fixture(scope="module")
def services():
    compose = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if compose is None:
        assert "CI" not in os.environ, "docker-compose is missing in CI"
        pytest.skip("docker-compose is not installed")
    command = [compose, "--file", str(ROOT / "docker-compose.yml"), "--profile", "*", "config", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["services"]


def test_every_service_has_a_memory_limit_and_no_password(services):
    for name, service in services.items():
        assert int(service["mem_limit"]) > 0, name
        for variable, value in (service.get("environment") or {}).items():
            assert "PASSWORD" not in variable or variable.endswith("_FILE"), (name, variable, value)


def test_security_is_on_and_nothing_is_published_beyond_this_machine(services):
    assert services["elasticsearch"]["environment"]["xpack.security.enabled"] == "true"
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_whatever_waits_for_health_waits_for_a_service_with_a_health_check(services):
    for service in services.values():
        for name, wanted in (service.get("depends_on") or {}).items():
            if wanted["condition"] == "service_healthy":
                assert services[name]["healthcheck"]["test"]


def test_volumes_keep_what_must_last(services):
    kept = {
        (name, volume["target"])
        for name, s in services.items()
        for volume in s["volumes"]
        if volume["type"] == "volume"
    }
    assert ("elasticsearch", "/usr/share/elasticsearch/data") in kept
    assert all((name, "/secrets") in kept for name in services)


def test_commands_of_our_image_are_commands_of_pactwatch(services):
    for service in services.values():
        if service["image"] == "pactwatch" and service["command"]:
            done = subprocess.run(
                [Path(sys.executable).with_name("pactwatch"), *_words(service["command"]), "--help"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr


def test_desk_goes_on_with_the_folders_and_settings_of_the_checkout(services, monkeypatch):
    desk = services["pactwatch"]
    assert desk["command"] == ["run", "--watch"]
    assert desk["restart"] == "unless-stopped"
    for variable, value in desk["environment"].items():
        monkeypatch.setenv(variable, value)
    settings = load_settings(ROOT / "config" / "pactwatch.yaml")
    mounted = {volume["target"]: Path(volume["source"]) for volume in desk["volumes"] if volume["type"] == "bind"}
    assert settings.sources.folders == tuple(path for path in mounted if path != "/desk/config")
    assert mounted["/desk/config"] == ROOT / "config"
    assert settings.store.url == "http://pactwatch@elasticsearch:9200"


def test_workers_share_the_network_of_the_machine_that_calls_them(services):
    options = services["stream"]["command"]
    managers = sorted(name for name in services if name.startswith("taskmanager"))
    assert f"--parallelism={len(managers)}" in options
    assert managers
    for name in managers:
        workers = services[name.replace("taskmanager", "workers")]
        assert workers["network_mode"] == f"service:{name}"
        [port] = [word.partition("=")[2] for word in workers["entrypoint"] if word.startswith("--service_port=")]
        assert f"--environment_config=localhost:{port}" in options


def _words(command):
    """The words of a command up to its first option or argument."""
    return command[:2] if command[0] == "setup" else command[:1]


@pytest.mark.parametrize("role", ["setup", "pactwatch"])
def test_roles_are_the_documented_rights(role):
    rights = json.loads((ROLES / f"{role}.json").read_text(encoding="utf-8"))
    text = README.read_text(encoding="utf-8")
    blocks = [json.loads(part.partition("```")[0]) for part in text.split("```json\n")[1:]]
    assert rights in blocks


def test_image_holds_no_root_and_what_is_locked():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert "USER pactwatch" in lines
    assert any("--require-hashes" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    copied = [word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]]
    assert copied
    assert all((ROOT / path).exists() for path in copied)
