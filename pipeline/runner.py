"""Chooses Beam's runner: on one machine always the in-process one, so that a laptop and CI run the same thing."""

from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo, FnApiRunner
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.runner import PipelineRunner, create_runner

from transforms.errors import UsageError

_LOCAL = frozenset({None, "DirectRunner", "FnApiRunner"})


class RunnerError(UsageError):
    """The Beam options cannot be used: the message is one clear line for a person."""


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
