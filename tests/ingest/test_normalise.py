"""Documents come out in the service model's spelling, without what is as good as absent, and the original stays."""

from __future__ import annotations

import copy
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from smsearch.errors import ExportError
from smsearch.ingest.normalise import Notes, normalise
from smsearch.schema import values
from tests.ingest.sample import ARN, job

if TYPE_CHECKING:
    from smsearch.schema.record import Record


def record(document: dict[Any, Any], kind: str = "TrainingJob") -> Record:
    before = copy.deepcopy(document)
    made = normalise(kind, document, Notes())
    assert document == before
    return made


def member(value: object, name: str = "Extra", kind: str = "TrainingJob") -> object:
    """What becomes of one member; `...` if it is dropped."""
    own = job() if kind == "TrainingJob" else {f"{kind}Name": "x"}
    return record({**own, name: value}, kind).document.get(name, ...)


def test_a_document_in_order_is_not_copied() -> None:
    document = job(
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix"}}}],
        Tags=[{"Key": "k", "Value": "v"}],
        FinalMetricDataList=[{"MetricName": "a", "Value": 0.5, "Timestamp": "2024-01-01T00:00:00Z"}],
        VpcConfig={"Subnets": ["a", "b"]},
        TrainingTimeInSeconds=5,
        EnableNetworkIsolation=False,
        Strange={"a": [1, None, {"b": 1.5}]},
    )
    assert normalise("TrainingJob", document, Notes()).document is document


def test_arn_name_and_time_are_filled() -> None:
    made = record(job("Name-1"))
    assert (made.resource, made.name, made.arn) == ("TrainingJob", "Name-1", f"{ARN}training-job/name-1")
    assert made.modified == values.parse_timestamp("2024-03-01T11:00:00Z")
    assert not made.is_partial
    assert normalise("TrainingJob", job(), Notes(), is_partial=True).is_partial


@pytest.mark.parametrize("time", [None, "", "yesterday", [], {}])
def test_a_time_that_is_none_is_no_time(time: object) -> None:
    assert record(job(LastModifiedTime=time)).modified is None


def test_a_number_may_be_a_name() -> None:
    made = record({"ImageVersionArn": f"{ARN}image-version/i/1", "Version": 1}, "ImageVersion")
    assert made.name == "1"
    assert made.document["Version"] == 1


def test_a_record_needs_an_arn_or_a_name() -> None:
    assert record({"TrainingJobArn": "arn"}).name == ""
    assert record({"TrainingJobName": "name"}).arn == ""
    for nothing in ({}, {"TrainingJobName": ""}, {"TrainingJobName": None}, {"TrainingJobName": ["a"]}):
        with pytest.raises(ExportError, match="neither ARN nor name"):
            record(nothing)


def test_a_model_is_found_inside_its_record() -> None:
    made = record({"model": {"model_name": "m", "ModelArn": "arn"}}, "Model")
    assert (made.name, made.arn) == ("m", "arn")


@pytest.mark.parametrize("name", ["hyper_parameters", "hyperParameters", "HYPERPARAMETERS", "hyperparameters"])
def test_members_are_spelled_as_the_model_spells_them_and_keys_as_the_user_does(name: str) -> None:
    document = {"training_job_name": "a", name: {"Learning_Rate": "1", "learningRate": "2"}}
    assert record(document).document == {
        "TrainingJobName": "a",
        "HyperParameters": {"Learning_Rate": "1", "learningRate": "2"},
    }


def test_spelling_is_mended_at_every_level() -> None:
    snake = [{"channel_name": "t", "data_source": {"s3_data_source": {"s3_uri": "s3://b", "s3_data_type": "S3Prefix"}}}]
    assert member(snake, "InputDataConfig") == [
        {"ChannelName": "t", "DataSource": {"S3DataSource": {"S3Uri": "s3://b", "S3DataType": "S3Prefix"}}}
    ]
    component = {"trialComponentName": "c", "parameters": {"Learning_Rate": {"numberValue": 0.5}}}
    assert record(component, "ExperimentTrialComponent").document == {
        "TrialComponentName": "c",
        "Parameters": {"Learning_Rate": {"NumberValue": 0.5}},
    }


def test_a_second_spelling_of_one_member_is_kept_beside_the_first() -> None:
    made = record({"TrainingJobName": "a", "roleArn": "1", "role_arn": "2", "training_job_name": "b"})
    assert made.document == {"TrainingJobName": "a", "RoleArn": "1", "role_arn": "2", "training_job_name": "b"}
    assert made.extras == (("role_arn",), ("training_job_name",))


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_spelling_that_holds_nothing_gives_way(nothing: object) -> None:
    for document in ({"Tags": nothing, "tags": {"a": "b"}}, {"TAGS": nothing, "tags": {"a": "b"}}):
        assert record({**job(), **document}).document == job(Tags=[{"Key": "a", "Value": "b"}])


def test_nulls_are_dropped_at_every_depth_and_stay_in_unknown_fields() -> None:
    document = job(
        FailureReason=None,
        Strange={"a": None, "b": [None]},
        VpcConfig={"Subnets": None, "SecurityGroupIds": ["a", None]},
        HyperParameters={"a": None, "b": "1"},
    )
    made = record(document).document
    assert made == job(
        Strange={"a": None, "b": [None]}, VpcConfig={"SecurityGroupIds": ["a"]}, HyperParameters={"b": "1"}
    )


@pytest.mark.parametrize(
    ("name", "is_dropped"),
    [
        ("VpcConfig", True),
        ("InputDataConfig", True),
        ("Tags", True),
        ("HyperParameters", True),
        ("BillableTimeInSeconds", True),
        ("EnableNetworkIsolation", True),
        ("CreationTime", True),
        ("RoleArn", True),
        ("TuningJobArn", True),
        ("FailureReason", False),
        ("TrainingJobStatus", True),
        ("Strange", False),
    ],
)
def test_an_empty_text_is_absent_where_no_text_belongs(name: str, is_dropped: bool) -> None:  # noqa: FBT001
    assert member("", name) == (... if is_dropped else "")


def test_an_empty_text_in_a_list_of_structures_is_absent() -> None:
    assert member(["", {"ChannelName": "a"}], "InputDataConfig") == [{"ChannelName": "a"}]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("S3_PREFIX", "S3Prefix"),
        ("S3Prefix", "S3Prefix"),
        ("s3prefix", "S3Prefix"),
        ("MANIFEST_FILE", "ManifestFile"),
        ("SomethingNew", "SomethingNew"),
        (7, "7"),
    ],
)
def test_an_enum_is_spelled_as_the_model_spells_it(written: object, meant: object) -> None:
    channel = {"DataSource": {"S3DataSource": {"S3DataType": written}}}
    assert member([channel], "InputDataConfig") == [{"DataSource": {"S3DataSource": {"S3DataType": meant}}}]


@pytest.mark.parametrize(
    "tags",
    [
        {"team": "a", "note": "x:y"},
        ["team:a", "note:x:y"],
        [{"Key": "team", "Value": "a"}, {"Key": "note", "Value": "x:y"}],
        [{"key": "team", "value": "a"}, {"key": "note", "value": "x:y"}],
        ({"Key": "team", "Value": "a"}, {"Key": "note", "Value": "x:y"}),
    ],
    ids=repr,
)
def test_tags_become_a_list_of_pairs(tags: object) -> None:
    assert member(tags, "Tags") == [{"Key": "team", "Value": "a"}, {"Key": "note", "Value": "x:y"}]


def test_odd_tags() -> None:
    assert member({"Key": "team", "Value": "a"}, "Tags") == [{"Key": "team", "Value": "a"}]
    assert member(["alone"], "Tags") == [{"Key": "alone", "Value": ""}]
    assert member({}, "Tags") == []
    assert member({"Key": "a key called Key"}, "Tags") == [{"Key": "Key", "Value": "a key called Key"}]
    assert member("text", "Tags") is ...
    assert member({"a": {"b": 1}}, "Tags") is ...


def test_other_pairs_given_as_a_map() -> None:
    assert member({"auc": 0.5}, "FinalMetricDataList") == [{"MetricName": "auc", "Value": 0.5}]
    made = record({"FeatureName": "f", "Parameters": {"pii": "true"}}, "FeatureMetadata")
    assert made.document["Parameters"] == [{"Key": "pii", "Value": "true"}]


@pytest.mark.parametrize(
    "name", ["ResponseMetadata", "SdkHttpMetadata", "sdkResponseMetadata", "response_metadata", "$metadata"]
)
def test_what_an_sdk_adds_is_dropped_and_no_unknown_field(name: str) -> None:
    made = record({**job(), name: {"HTTPStatusCode": 200}})
    assert made.document == job()
    assert made.extras == ()


def test_unknown_fields_are_kept_and_the_plain_ones_told() -> None:
    strange = {"text": "a", "number": 1.5, "truth": False, "null": None, "list": [1], "object": {"in": {"ner": 1}}}
    made = record(job(Strange=strange, VpcConfig={"New": 1}, InputDataConfig=[{"Unheard": 1}]))
    assert made.document["Strange"] == strange
    assert set(made.extras) == {
        ("Strange", "text"),
        ("Strange", "number"),
        ("Strange", "truth"),
        ("Strange", "object", "in", "ner"),
        ("VpcConfig", "New"),
    }


def test_times_keep_their_spelling_and_naive_ones_are_counted() -> None:
    spellings = [
        ("2024-05-16T11:10:50.603000-07:00", False),
        ("2024-05-16T11:10:50Z", False),
        ("2024-05-16 18:10:50.811000+00:00", False),
        ("2024-05-16 18:10:50", True),
        ("2024-05-16T18:10:50.603", True),
        ("2024-05-16", False),
        ("1715883050.603", False),
        (1715883050.603, False),
        (1715883050603, False),
        ({"__class__": "datetime", "year": 2024, "month": 5, "day": 16}, False),
    ]
    for spelling, is_naive in spellings:
        notes = Notes()
        made = normalise("TrainingJob", job(CreationTime=spelling), notes)
        assert made.document["CreationTime"] == spelling
        assert notes.naive_times == is_naive, spelling


def test_datetimes_of_boto3_become_text_that_is_read_as_the_same_time() -> None:
    moments = [
        datetime(2024, 5, 16, 18, 10, 50, 603000, tzinfo=UTC),
        datetime(2024, 5, 16, 11, 10, 50, tzinfo=timezone(-timedelta(hours=7))),
        datetime(2024, 5, 16, 18, 10, 50, tzinfo=timezone(timedelta(minutes=19, seconds=32))),
        datetime(2024, 5, 16, 18, 10, 50),  # noqa: DTZ001 - naive on purpose
    ]
    for moment in moments:
        made = record(job(LastModifiedTime=moment, Other=moment))
        assert made.modified == values.timestamp_of(moment)
        assert made.document["Other"] == moment.isoformat()
    notes = Notes()
    normalise("TrainingJob", job(CreationTime=moments[-1]), notes)
    assert notes.naive_times == 1
    assert member(date(2024, 5, 16), "CreationTime") == "2024-05-16"


class _Colour(StrEnum):
    RED = "red"


class _NotATime(datetime):
    """What pandas has for a missing time: a datetime that is not equal to itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __repr__(self) -> str:
        return "NaT"

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        (Decimal("0.10"), Decimal("0.10")),
        ((1, (2, "a")), [1, [2, "a"]]),
        (np.int64(7), 7),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),  # noqa: FBT003
        (np.str_("a"), "a"),
        (np.datetime64("2024-01-01T12:00", "ns"), "2024-01-01T12:00:00"),
        (_Colour.RED, "red"),
        ({1: "a", "b": (1,)}, {"1": "a", "b": [1]}),
    ],
    ids=repr,
)
def test_what_python_holds_becomes_json(value: object, becomes: object) -> None:
    made = member(value)
    assert made == becomes
    assert type(made) is type(becomes)


@pytest.mark.parametrize(
    ("array", "becomes"),
    [
        (np.array([1, 2**53 + 1]), [1, 2**53 + 1]),
        (np.array([["a"], ["b"]]), [["a"], ["b"]]),
        (np.array(["0001-01-01T00:00:00.000001"], "datetime64[us]"), ["0001-01-01T00:00:00.000001"]),
        (np.array(["2024-01-01", "NaT"], "datetime64[ns]"), ["2024-01-01T00:00:00", None]),
    ],
    ids=repr,
)
def test_an_array_becomes_a_list(array: object, becomes: list[object]) -> None:
    assert normalise("TrainingJob", {**job(), "Extra": array}, Notes()).document["Extra"] == becomes


def test_a_missing_time_of_pandas_is_absent() -> None:
    missing = _NotATime(2024, 1, 1, tzinfo=UTC)
    assert normalise("TrainingJob", job(CreationTime=missing), Notes()).document == job()


class NAType:
    """What pandas has for a missing integer: it can neither be compared nor be asked whether it is true."""

    def __eq__(self, other: object) -> bool:
        raise TypeError

    def __bool__(self) -> bool:
        raise TypeError

    def __repr__(self) -> str:
        return "<NA>"

    __hash__ = None  # type: ignore[assignment]


MISSING = [
    *(math.nan, np.float32("nan"), np.datetime64("NaT", "D"), np.datetime64("NaT", "ns"), Decimal("NaN")),
    *(_NotATime(2024, 1, 1, tzinfo=UTC), NAType()),
]


@pytest.mark.parametrize(
    "name",
    ["Extra", "FailureReason", "SecondaryStatus", "TrainingEndTime", "TrainingTimeInSeconds", "EnableNetworkIsolation"],
)
@pytest.mark.parametrize("cell", MISSING, ids=repr)
def test_an_empty_cell_of_pandas_is_absent(cell: object, name: str) -> None:
    assert normalise("TrainingJob", {**job(), name: cell}, Notes()).document == job()


@pytest.mark.parametrize("name", ["VpcConfig", "HyperParameters", "InputDataConfig", "Tags"])
@pytest.mark.parametrize("cell", MISSING, ids=repr)
def test_an_empty_cell_is_no_list_and_no_structure(cell: object, name: str) -> None:
    rest = {key: value for key, value in job().items() if key != name}
    assert normalise("TrainingJob", {**rest, name: cell}, Notes()).document == rest


def test_a_number_inside_a_structure_may_be_nan_and_a_text_may_not() -> None:
    metric = {"MetricName": "loss", "Value": math.nan, "Timestamp": math.nan}
    document = normalise("TrainingJob", job(FinalMetricDataList=[metric]), Notes()).document
    (kept,) = document["FinalMetricDataList"]
    assert list(kept) == ["MetricName", "Value"]
    assert math.isnan(kept["Value"])


def test_several_values_of_a_cell_are_a_list() -> None:
    record_of_frame = job(Tags=np.array(["team:blue"], object), VpcConfig={"Subnets": np.array(["s1", "s2"], object)})
    document = normalise("TrainingJob", record_of_frame, Notes()).document
    assert document["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert document["VpcConfig"] == {"Subnets": ["s1", "s2"]}


@pytest.mark.parametrize("name", ["Extra", "HyperParameters", "VpcConfig", "RoleArn", "CreationTime", "Tags"])
@pytest.mark.parametrize("value", [{1, 2}, b"bytes", Ellipsis, {(1, 2): 3}, {None: 1}, {True: 1}, [b""]], ids=repr)
def test_what_json_cannot_say_is_an_error(value: object, name: str) -> None:
    with pytest.raises(ExportError):
        normalise("TrainingJob", {**job(), name: value}, Notes())


def test_what_holds_itself_is_an_error() -> None:
    circle: dict[str, Any] = {}
    circle["circle"] = circle
    for name in ("Extra", "HyperParameters", "VpcConfig"):
        with pytest.raises(ExportError, match="too deep"):
            normalise("TrainingJob", {**job(), name: circle}, Notes())


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("EnableNetworkIsolation", "False", False),
        ("EnableNetworkIsolation", "TRUE", True),
        ("EnableNetworkIsolation", 1, True),
        ("EnableNetworkIsolation", 0, False),
        ("EnableNetworkIsolation", "1", ...),
        ("EnableNetworkIsolation", 2, ...),
        ("BillableTimeInSeconds", "2", 2),
        ("BillableTimeInSeconds", 2.0, 2),
        ("BillableTimeInSeconds", Decimal("1E+3"), 1000),
        ("BillableTimeInSeconds", "9007199254740993", 2**53 + 1),
        ("BillableTimeInSeconds", 2.5, ...),
        ("BillableTimeInSeconds", "soon", ...),
        ("BillableTimeInSeconds", True, ...),
        ("BillableTimeInSeconds", float("inf"), ...),
        ("BillableTimeInSeconds", Decimal("1E+999999999"), ...),
        ("RoleArn", 5, "5"),
        ("RoleArn", ["a"], ...),
        ("HyperParameters", {"a": 1, "b": 1.0, "c": True, "d": Decimal("1.10"), "e": math.nan, "f": -math.inf, "g": {}},
         {"a": "1", "b": "1.0", "c": "true", "d": "1.10", "f": "-Infinity"}),
        ("HyperParameters", "text", ...),
        ("HyperParameters", [], ...),
        ("Tags", [{"Key": "a", "Value": 5}], [{"Key": "a", "Value": "5"}]),
        ("VpcConfig", "text", ...),
        ("VpcConfig", {"Subnets": "text", "Strange": 5}, {"Strange": 5}),
        ("VpcConfig", {"Subnets": ["a", {}, 5]}, {"Subnets": ["a", "5"]}),
        ("InputDataConfig", ["text", {"ChannelName": "a"}], [{"ChannelName": "a"}]),
        ("InputDataConfig", {"a": {"b": 1}}, ...),
        ("CreationTime", "yesterday", ...),
        ("CreationTime", True, ...),
        ("CreationTime", 1e18, ...),
        ("FinalMetricDataList", {"a": "0.10", "b": "NaN", "c": "-Infinity", "d": "much"},
         [{"MetricName": "a", "Value": 0.1}, {"MetricName": "b", "Value": float("nan")},
          {"MetricName": "c", "Value": float("-inf")}, {"MetricName": "d"}]),
    ],
    ids=repr,
)  # fmt: skip
def test_a_value_is_converted_to_its_type_or_left_out(name: str, value: object, typed: object) -> None:
    made = member(value, name)
    assert repr(made) == repr(typed)  # 1 is not 1.0, and NaN is not itself


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('{"Conditions": []}', '{"Conditions": []}'),
        ({"Conditions": [{"a": Decimal("0.10"), "b": 2**70, "c": "x é", "d": None, "e": True}]},
         '{"Conditions":[{"a":0.10,"b":1180591620717411303424,"c":"x é","d":null,"e":true}]}'),
        ({}, None),
        ("", None),
    ],
)  # fmt: skip
def test_a_text_of_json_may_come_as_what_it_spells(given: object, kept: str | None) -> None:
    conditions = {"HumanLoopActivationConditions": given}
    flow = {"FlowDefinitionName": "f", "HumanLoopActivationConfig": {"HumanLoopActivationConditionsConfig": conditions}}
    notes = Notes()
    document = normalise("FlowDefinition", flow, notes).document
    config = document["HumanLoopActivationConfig"]["HumanLoopActivationConditionsConfig"]
    assert config.get("HumanLoopActivationConditions") == kept
    assert not notes.misread


def test_of_two_spellings_one_that_cannot_be_read_gives_way_and_is_told() -> None:
    notes = Notes()
    vpc = {"subnets": "b", "Subnets": 5, "until": "2024-01-01"}
    document = job(VpcConfig="a", vpcConfig=vpc, TrainingStartTime="soon", trainingStartTime="2024-01-02 10:00:00")
    made = normalise("TrainingJob", document, notes)
    assert made.document["VpcConfig"] == {"until": "2024-01-01"}
    assert made.document["TrainingStartTime"] == "2024-01-02 10:00:00"
    assert [str(one) for one in notes.misread] == [
        'VpcConfig is "a", not an object',
        'TrainingStartTime is "soon", not a timestamp',
        "VpcConfig.Subnets is 5, not a list",
        'VpcConfig.Subnets is "b", not a list',
    ]
    assert (made.exported["VpcConfig"], made.exported["vpcConfig"]) == ("a", vpc)
    assert made.extras == (("VpcConfig", "until"),)
    assert notes.naive_times == 1, "what was walked twice is counted once"


def test_a_union_has_one_member() -> None:
    def source(**members: object) -> object:
        config = record({"AutoMLJobName": "a", "AutoMLProblemTypeConfig": members}, "AutoMLJob").document
        return config.get("AutoMLProblemTypeConfig", ...)

    image, text = {"MaxCandidates": "2"}, {"ContentColumn": "a"}
    assert source(TabularJobConfig=None, TextClassificationJobConfig=text) == {"TextClassificationJobConfig": text}
    assert source(TabularJobConfig={}, TextClassificationJobConfig=text) == {"TextClassificationJobConfig": text}
    assert source(ImageClassificationJobConfig=image, TextClassificationJobConfig=text) is ...
    assert source(TextClassificationJobConfig=text, Strange=5) == {"TextClassificationJobConfig": text}
    assert source(Strange=5) == {"Strange": 5}
    assert source(TabularJobConfig=None) is ...
    assert source(TabularJobConfig="text") is ...


def test_what_had_another_type_is_kept_as_it_was_exported() -> None:
    document = job(
        EnableNetworkIsolation="False",
        BillableTimeInSeconds="soon",
        TrainingTimeInSeconds=5,
        vpc_config={"subnets": ["a", 5], "security_group_ids": ["b", None]},
        ResourceConfig={"InstanceCount": "2", "InstanceType": "ml.m5.large"},
    )
    made = record(document)
    assert made.exported == {
        "EnableNetworkIsolation": "False",
        "BillableTimeInSeconds": "soon",
        "VpcConfig": {"Subnets": ["a", 5], "SecurityGroupIds": ["b"]},
        "ResourceConfig": {"InstanceCount": "2", "InstanceType": "ml.m5.large"},
    }
    assert made.document == job(
        EnableNetworkIsolation=False,
        TrainingTimeInSeconds=5,
        VpcConfig={"Subnets": ["a", "5"], "SecurityGroupIds": ["b"]},
        ResourceConfig={"InstanceCount": 2, "InstanceType": "ml.m5.large"},
    )
    assert record(job(TrainingTimeInSeconds=5, VpcConfig={"Subnets": ["a", None]}, RoleArn="")).exported == {}


def test_what_cannot_be_read_is_told_with_its_path() -> None:
    notes = Notes()
    normalise(
        "TrainingJob",
        job(
            EnableNetworkIsolation="False",
            BillableTimeInSeconds="soon",
            InputDataConfig=[{"ChannelName": "a"}, {"ShuffleConfig": {"Seed": [1]}}],
            HyperParameters={"a.b": {"deep": 1}, "c": {}},
            VpcConfig=[],
        ),
        notes,
    )
    assert sorted(str(misread) for misread in notes.misread) == [
        'BillableTimeInSeconds is "soon", not an integer',
        'HyperParameters.a.b is {"deep": 1}, not text',
        "InputDataConfig[1].ShuffleConfig.Seed is [1], not an integer",
    ]
    normalise("TrainingJob", job(), notes)
    assert notes.misread == []


def test_numbers_that_json_does_not_have_are_texts_in_unknown_fields() -> None:
    strange = {"a": float("nan"), "b": [float("inf"), 1.5], "c": {"d": Decimal("-Infinity")}}
    assert member(strange) == {"a": "NaN", "b": ["Infinity", 1.5], "c": {"d": "-Infinity"}}


def test_each_document_has_its_own_extras() -> None:
    notes = Notes()
    first = normalise("TrainingJob", job(A=1), notes)
    second = normalise("TrainingJob", job(B=1), notes)
    assert (first.extras, second.extras) == ((("A",),), (("B",),))


def test_unions_of_go_have_their_members_names_again() -> None:
    component = {
        "TrialComponentName": "c",
        "Parameters": {"lr": {"Value": 0.1}, "opt": {"Value": "adam"}, "set": {"NumberValue": 2.0}},
    }
    parameters = record(component, "ExperimentTrialComponent").document["Parameters"]
    assert parameters == {"lr": {"NumberValue": 0.1}, "opt": {"StringValue": "adam"}, "set": {"NumberValue": 2.0}}
    job = {"AutoMLJobName": "a", "AutoMLProblemTypeConfig": {"Value": {"TargetAttributeName": "label"}}}
    assert record(job, "AutoMLJob").document["AutoMLProblemTypeConfig"] == {
        "TabularJobConfig": {"TargetAttributeName": "label"}
    }
