"""Options for a cluster: what suits this graph is filled in, what the user gives stays."""

from pipeline.runner import shards_of, with_defaults


def test_options_on_this_machine_stay_as_they_are():
    assert with_defaults([]) == []
    assert with_defaults(["--direct_num_workers=2"]) == ["--direct_num_workers=2"]
    assert shards_of(["--runner=DirectRunner"]) == 1


def test_options_for_flink_are_filled_in_where_they_are_not_given():
    options = with_defaults(["--runner=PortableRunner", "--max_bundle_size=7", "--job_name", "desk"])
    assert "--max_bundle_size=7" in options
    assert "--max_bundle_size=64" not in options
    assert "--job_name=pactwatch" not in options
    assert "--streaming" in options
    assert not any("checkpoint" in option for option in options)
    assert shards_of(options) > 1


def test_stream_keeps_its_checkpoints_unless_told_otherwise():
    options = with_defaults(["--runner=FlinkRunner", "--checkpointing_interval=500"], is_endless=True)
    assert "--retain_externalized_checkpoints_on_cancellation" in options
    assert [option for option in options if option.startswith("--checkpointing_interval")] == [
        "--checkpointing_interval=500"
    ]
