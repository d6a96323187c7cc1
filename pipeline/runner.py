"""Chooses Beam's runner: on one machine always the in-process one, so that a laptop and CI run the same thing.

Beyond one machine it sees to it that a cluster is asked for what it can do, and fills in options that suit this graph.
"""

from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions, StandardOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo, FnApiRunner
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.runner import PipelineRunner, create_runner

from transforms.errors import UsageError

_LOCAL = frozenset({None, "DirectRunner", "FnApiRunner"})
_SQLITE = "sqlite://"
_LOOPBACK = "LOOPBACK"

# What suits this graph on Flink, unless the user says otherwise. Also a bounded run goes through Flink's streaming
# translation: that of batches wants some thousand network buffers for this graph, and starts worker processes by the
# stage. Small bundles, because reading one article takes a tenth of a second and a checkpoint waits for the bundle.
_FLINK_OPTIONS = {
    "job_name": "pactwatch",
    "streaming": None,
    "max_bundle_time_mills": "100",
    "max_bundle_size": "64",
    "experiments": "disable_logging_submission_environment",  # that of the user's machine concerns no worker
}
_RUN_OPTIONS = {"shutdown_sources_after_idle_ms": "0"}  # else it has no end where checkpoints are asked for
# Exactly once is the store's doing. Where Flink's barriers need not be aligned, a checkpoint does not hold up what is
# quick until what is slow has come as far.
_STREAM_OPTIONS = {
    "checkpointing_interval": "10000",
    "checkpointing_mode": "AT_LEAST_ONCE",
    "externalized_checkpoints_enabled": None,
    "retain_externalized_checkpoints_on_cancellation": None,
}
_SHARDS = 64  # hosts of one share are asked by one worker; more shares than workers, so that all have some
_FLINK = frozenset({"PortableRunner", "FlinkRunner"})


class RunnerError(UsageError):
    """The Beam options cannot be used: the message is one clear line for a person."""


def with_defaults(arguments: Sequence[str], *, is_endless: bool = False) -> list[str]:
    """Returns Beam's options with those that suit this graph on Flink, where they are not given.

    Args:
        arguments: What follows `--` on the command line.
        is_endless: Whether it is for a stream.
    """
    if not is_on_flink(arguments):
        return list(arguments)
    given = {argument.lstrip("-").partition("=")[0] for argument in arguments}
    wanted = {**_FLINK_OPTIONS, **(_STREAM_OPTIONS if is_endless else _RUN_OPTIONS)}
    added = (f"--{name}" if value is None else f"--{name}={value}" for name, value in wanted.items())
    return [*arguments, *(option for option in added if option.lstrip("-").partition("=")[0] not in given)]


def check_distributed(arguments: Sequence[str], store_url: str, *, is_endless: bool = False) -> bool:
    """Refuses what cannot work beyond one machine.

    Args:
        arguments: What follows `--` on the command line.
        store_url: Of the store that all workers are to share.
        is_endless: Whether it is for a stream.

    Returns:
        Whether the runner is one beyond this process.

    Raises:
        RunnerError: The store is on one machine, workers would end with this process, or a stream has no runner.
    """
    options = beam_options(arguments)
    name = options.view_as(StandardOptions).runner
    if name in _LOCAL:
        if is_endless:
            raise RunnerError(
                "--stream needs a cluster: add `-- --runner=PortableRunner --job_endpoint=HOST:8099 ...` "
                "(on one machine: --watch)"
            )
        return False
    choose_runner(options)
    if store_url.startswith(_SQLITE):
        raise RunnerError(
            f"--runner={name} with {store_url}: a SQLite file is seen by one machine only; "
            "give --store elasticsearch://HOST:9200"
        )
    if options.view_as(PortableOptions).environment_type == _LOOPBACK:
        raise RunnerError(
            "--environment_type=LOOPBACK: its workers end with this command; use EXTERNAL, PROCESS or DOCKER"
        )
    return True


def shards_of(arguments: Sequence[str]) -> int:
    """Returns into how many shares the web is cut: one in this process, more than a cluster has workers elsewhere."""
    name = beam_options(arguments).view_as(StandardOptions).runner
    return 1 if name in _LOCAL else _SHARDS


def is_on_flink(arguments: Sequence[str]) -> bool:
    """Returns whether the runner is Flink's (of the portable runners only that is provided for)."""
    return beam_options(arguments).view_as(StandardOptions).runner in _FLINK


def beam_options(arguments: Sequence[str]) -> PipelineOptions:
    """Returns the parsed Beam options of the command line (what follows `--`)."""
    try:
        return PipelineOptions(list(arguments))
    except SystemExit as error:  # argparse's way of refusing
        raise RunnerError(f"Beam cannot use these options: {' '.join(arguments)}") from error


def choose_runner(options: PipelineOptions) -> PipelineRunner:
    """Returns the runner for the options.

    `DirectRunner` (the default) means the in-process FnApiRunner: Beam's own DirectRunner fetches and uses another one
    wherever there is internet.

    Raises:
        RunnerError: No runner has that name.
    """
    name = options.view_as(StandardOptions).runner
    if name not in _LOCAL:
        try:
            return create_runner(name)
        except (ValueError, ImportError) as error:
            raise RunnerError(f"--runner={name}: {str(error).splitlines()[0]}") from error
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    information = ExtendedProvisionInfo(beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded))
    return FnApiRunner(provision_info=information)
