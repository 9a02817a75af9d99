"""An export from an endpoint that misbehaves: what is written, what is reported, and what goes on after a break."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.errors import MissingLibraryError, RefusedError, UnfinishedError, UnreachableError
from smsearch.export import endpoint as endpoints
from smsearch.export.endpoint import Address
from smsearch.export.run import Options, export
from smsearch.frozen import replace
from tests.export.conftest import lines
from tests.export.fake import ACCOUNT, Cut, Fake, Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smsearch.export.report import ExportReport

JOBS = ("TrainingJob",)
BEFORE_ALL = 1_600_000_000_000_000


def options(fake: Fake, **more: Any) -> Options:  # noqa: ANN401 - whatever Options takes
    return replace(Options(Address(fake.url), JOBS, threads=4), **more)


def broken_after(count: int) -> Callable[[str, dict[str, Any]], None]:
    """Credentials that expire after some descriptions."""
    lock, seen = threading.Lock(), 0

    def before(operation: str, _request: dict[str, Any]) -> None:
        nonlocal seen
        with lock:
            seen += operation == "DescribeTrainingJob"
            if seen > count:
                raise Fault("ExpiredTokenException", "The security token is expired")

    return before


def names(folder: Path) -> list[str]:
    return [document["TrainingJobName"] for document in lines(folder / "TrainingJob.jsonl")]


def adds_up(report: ExportReport) -> bool:
    return all(one.found == one.written + one.older + one.gone + one.failed for one in report.kinds)


def test_every_page_is_listed_described_and_tagged(fake: Fake, tmp_path: Path) -> None:
    report = export(tmp_path / "dump", options(fake))
    assert report.is_complete
    assert report.to_text() == "exported 25 found = 25 written\n  TrainingJob: 25 found = 25 written"
    assert names(tmp_path / "dump") == fake.names, "in the order of the listing"
    first = lines(tmp_path / "dump" / "TrainingJob.jsonl")[0]
    assert first["Tags"] == [{"Key": "job", "Value": "job-0"}]
    assert first["CreationTime"] == "2023-11-14T22:13:20.123456Z"
    assert first["FinalMetricDataList"][0]["Value"] == 0.1
    assert "ResponseMetadata" not in first
    assert [path.name for path in (tmp_path / "dump").iterdir()] == ["TrainingJob.jsonl"], "nothing else is left"


def test_the_reader_takes_what_is_written(fake: Fake, tmp_path: Path) -> None:
    export(tmp_path, options(fake, suffix=".jsonl.gz"))
    jobs = smsearch.open(tmp_path)
    assert (jobs.report.stored, jobs.report.skipped, jobs.report.naive_times) == (25, 0, 0)
    assert not jobs.report.unknown_fields
    assert list(jobs.query("tags.job = 'job-7'").names()) == ["job-7"]


def test_throttling_is_waited_out(fake: Fake, tmp_path: Path) -> None:
    refused: set[str] = set()

    def before(operation: str, request: dict[str, Any]) -> None:
        asked = f"{operation} {request}"
        if asked not in refused and len(refused) < 2:
            refused.add(asked)
            raise Fault("ThrottlingException", "Rate exceeded")

    fake.before = before
    report = export(tmp_path, options(fake))
    assert len(refused) == 2
    assert report.is_complete
    assert names(tmp_path) == fake.names


def test_an_answer_that_breaks_off_is_asked_for_again(fake: Fake, tmp_path: Path) -> None:
    broken: set[str] = set()

    def before(operation: str, _request: dict[str, Any]) -> None:
        if operation not in broken:
            broken.add(operation)
            raise Cut

    fake.before = before
    report = export(tmp_path, options(fake))
    assert broken == {"ListTrainingJobs", "DescribeTrainingJob", "ListTags"}
    assert report.is_complete
    assert names(tmp_path) == fake.names
    assert [document["Tags"][0]["Value"] for document in lines(tmp_path / "TrainingJob.jsonl")] == fake.names


def test_answers_that_always_break_off_end_the_export(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before(operation: str, _request: dict[str, Any]) -> None:
        if operation == "DescribeTrainingJob":
            raise Cut

    monkeypatch.setattr(endpoints, "ATTEMPTS", 2)
    fake.before = before
    with pytest.raises(UnreachableError, match="DescribeTrainingJob: the answer breaks off"):
        export(tmp_path, options(fake))
    fake.before = lambda _operation, _request: None
    assert export(tmp_path, options(fake)).is_complete
    assert names(tmp_path) == fake.names


def test_what_was_deleted_meanwhile_is_counted(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> None:
        if operation == "DescribeTrainingJob" and request["TrainingJobName"] in {"job-3", "job-8"}:
            raise Fault("ValidationException", "Requested resource not found.")

    fake.before = before
    report = export(tmp_path, options(fake))
    assert report.is_complete, "nothing is missing that is there"
    assert (report.kinds[0].found, report.kinds[0].written, report.kinds[0].gone) == (25, 23, 2)
    assert "2 deleted meanwhile" in report.to_text()
    assert names(tmp_path) == [name for name in fake.names if name not in {"job-3", "job-8"}]


def test_a_kind_that_may_not_be_listed_is_reported_and_the_others_go_on(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, _request: dict[str, Any]) -> None:
        if operation == "ListEndpoints":
            raise Fault("AccessDeniedException", "You are not authorized to perform: sagemaker:ListEndpoints")

    fake.before = before
    report = export(tmp_path, options(fake, kinds=("Endpoint", "TrainingJob")))
    assert not report.is_complete
    assert not report.kinds[0].is_there
    assert "Endpoint: could not be listed\n    ListEndpoints: AccessDeniedException: You are not" in report.to_text()
    assert [path.name for path in tmp_path.iterdir()] == ["TrainingJob.jsonl"]
    assert len(names(tmp_path)) == 25


def test_records_that_may_not_be_described_are_failures(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> None:
        if operation == "DescribeTrainingJob" and request["TrainingJobName"] == "job-4":
            raise Fault("AccessDeniedException", "not yours")

    fake.before = before
    report = export(tmp_path, options(fake))
    assert not report.is_complete
    assert adds_up(report)
    assert (report.kinds[0].written, report.kinds[0].failed) == (24, 1)
    assert report.kinds[0].problems == {"DescribeTrainingJob: AccessDeniedException: not yours": 1}


@pytest.mark.parametrize(("code", "is_loss"), [("AccessDeniedException", True), ("ValidationException", False)])
def test_records_without_their_tags_are_written_and_told(
    fake: Fake, tmp_path: Path, code: str, *, is_loss: bool
) -> None:
    def before(operation: str, _request: dict[str, Any]) -> None:
        if operation == "ListTags":
            raise Fault(code, "no tags for you")

    fake.before = before
    report = export(tmp_path, options(fake))
    assert report.is_complete is not is_loss
    assert report.kinds[0].written == 25
    assert report.kinds[0].untagged == (25 if is_loss else 0)
    assert f"25 times ListTags: {code}: no tags for you" in report.to_text()
    assert all("Tags" not in document for document in lines(tmp_path / "TrainingJob.jsonl"))


def test_many_reasons_are_not_kept_without_end(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> None:
        if operation == "DescribeTrainingJob":
            raise Fault("InternalThing", f"no {request['TrainingJobName']}")

    fake.before = before
    report = export(tmp_path, options(fake))
    assert report.kinds[0].failed == 25
    assert sum(report.kinds[0].problems.values()) == 25
    assert report.kinds[0].problems["other reasons"] == 5


@pytest.mark.parametrize("count", [0, 1, 7, 24])
def test_a_broken_export_goes_on_where_it_was(fake: Fake, tmp_path: Path, count: int) -> None:
    fake.before = broken_after(count)
    with pytest.raises(UnreachableError) as broken:
        export(tmp_path, options(fake))
    assert not (tmp_path / "TrainingJob.jsonl").exists()
    assert "ExpiredTokenException" in str(broken.value)
    assert count < 24 or "The same command goes on from here." in str(broken.value)
    fake.before = lambda _operation, _request: None
    asked = fake.count("DescribeTrainingJob")
    report = export(tmp_path, options(fake))
    written, before = names(tmp_path), report.kinds[0].before
    assert sorted(written) == sorted(fake.names)
    for run in (written[:before], written[before:]):  # each run writes in the order of the listing
        assert run == sorted(run, key=fake.names.index)
    assert before <= count
    assert fake.count("DescribeTrainingJob") - asked == 25 - report.kinds[0].before
    assert [path.name for path in tmp_path.iterdir()] == ["TrainingJob.jsonl"]


def test_an_unfinished_export_is_not_mixed_with_another(fake: Fake, tmp_path: Path) -> None:
    fake.before = broken_after(12)
    with pytest.raises(UnreachableError):
        export(tmp_path, options(fake))
    fake.before = lambda _operation, _request: None
    for other in (
        options(fake, kinds=("Model",)),
        options(fake, since=BEFORE_ALL),
        options(fake, suffix=".jsonl.gz"),
        options(fake, by_search=True),
        options(fake, address=Address(fake.url, "us-west-2")),
        options(fake, address=Address(fake.url.replace("127.0.0.1", "localhost"))),
    ):
        with pytest.raises(UnfinishedError, match="holds an unfinished export of something else"):
            export(tmp_path, other)
    fake.account = "999988887777"
    with pytest.raises(UnfinishedError, match=f"of account {ACCOUNT}, and 999988887777 answers now"):
        export(tmp_path, options(fake))
    assert export(tmp_path, options(fake, restart=True)).kinds[0].before == 0
    assert {document["TrainingJobArn"].split(":")[4] for document in lines(tmp_path / "TrainingJob.jsonl")} == {
        "999988887777"
    }


def test_an_export_that_fetched_nothing_binds_nobody(fake: Fake, tmp_path: Path) -> None:
    fake.before = broken_after(0)
    with pytest.raises(UnreachableError):
        export(tmp_path, options(fake))
    assert list(tmp_path.iterdir()) == []


def test_finished_kinds_are_not_fetched_again(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, _request: dict[str, Any]) -> dict[str, Any] | None:
        if operation == "ListModels" and fake.count("ListModels") == 1:
            raise Fault("ExpiredTokenException")
        return {"Models": []} if operation == "ListModels" else None

    fake.before = before
    both = options(fake, kinds=("TrainingJob", "Model"))
    with pytest.raises(UnreachableError):
        export(tmp_path, both)
    assert len(names(tmp_path)) == 25
    report = export(tmp_path, both)
    assert fake.count("ListTrainingJobs") == 4, "three pages, once, and a look at whose they are"
    assert fake.count("DescribeTrainingJob") == 25
    assert [one.written for one in report.kinds] == [25, 0]


def test_the_kinds_of_two_accounts_are_not_mixed(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, _request: dict[str, Any]) -> dict[str, Any] | None:
        if operation == "ListEndpoints" and fake.account == ACCOUNT:
            raise Fault("ExpiredTokenException")
        arn = f"arn:aws:sagemaker:eu-west-1:{fake.account}:endpoint/e"
        return {"Endpoints": [{"EndpointName": "e", "EndpointArn": arn}]} if operation == "ListEndpoints" else None

    fake.before = before
    with pytest.raises(UnreachableError):
        export(tmp_path, options(fake, kinds=("TrainingJob", "Endpoint")))
    assert len(names(tmp_path)) == 25
    fake.account = "999988887777"
    with pytest.raises(UnfinishedError, match=f"of account {ACCOUNT}, and 999988887777 answers now"):
        export(tmp_path, options(fake, kinds=("TrainingJob", "Endpoint")))


def test_records_that_others_share_are_no_mixture(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> dict[str, Any] | None:
        arn = f"arn:aws:sagemaker:eu-west-1:aws:model-package/group/{request.get('NextToken', 'shared')}"
        package = {"ModelPackageArn": arn, "ModelPackageVersion": 1}
        answers: dict[str, dict[str, Any]] = {
            "ListModelPackages": {"ModelPackageSummaryList": [package]},
            "DescribeModelPackage": package,
        }
        return answers.get(operation)

    fake.before = before
    report = export(tmp_path, options(fake, kinds=("TrainingJob", "ModelPackage")))
    assert [one.accounts for one in report.kinds] == [[ACCOUNT], ["aws"]]


def test_a_damaged_state_is_told(fake: Fake, tmp_path: Path) -> None:
    (tmp_path / ".export.json").write_text("{")
    with pytest.raises(UnfinishedError, match="is damaged"):
        export(tmp_path, options(fake))
    (tmp_path / ".export.json").write_text('{"version": 99}')
    with pytest.raises(UnfinishedError, match="is of another smsearch"):
        export(tmp_path, options(fake))
    assert export(tmp_path, options(fake, restart=True)).is_complete


def test_one_process_at_a_time(fake: Fake, tmp_path: Path) -> None:
    told: list[str] = []

    def before(operation: str, _request: dict[str, Any]) -> None:
        if operation == "ListTrainingJobs" and not told:
            with pytest.raises(UnfinishedError) as refused:
                export(tmp_path, options(fake))
            told.append(str(refused.value))

    fake.before = before
    assert export(tmp_path, options(fake)).is_complete
    assert "Another smsearch is exporting" in told[0]


def test_only_what_was_modified_since(fake: Fake, tmp_path: Path) -> None:
    since = 1_700_000_006_000_000  # a job's time is 1700000000 and the length of its name
    report = export(tmp_path, options(fake, since=since))
    _, request = next(call for call in fake.calls if call[0] == "ListTrainingJobs")
    assert request["LastModifiedTimeAfter"] == 1_700_000_006
    assert names(tmp_path) == fake.names[10:], "the endpoint gave them all, and was not believed"
    assert (report.kinds[0].older, adds_up(report)) == (10, True)


def test_a_record_that_is_listed_twice_is_written_once(fake: Fake, tmp_path: Path) -> None:
    fake.names += ["job-3", "job-24"]
    report = export(tmp_path, options(fake))
    assert report.kinds[0].found == 25
    assert names(tmp_path) == fake.names[:25]


def test_an_answer_that_boto3_cannot_read_is_a_failure(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> dict[str, Any] | None:
        is_broken = operation == "DescribeTrainingJob" and request["TrainingJobName"] == "job-2"
        return {**fake.described("job-2"), "SecondaryStatusTransitions": ["Starting"]} if is_broken else None

    fake.before = before
    report = export(tmp_path, options(fake))
    assert (report.kinds[0].written, report.kinds[0].failed, report.is_complete) == (24, 1, False)
    assert "boto3 cannot read the answer" in report.to_text()


def test_a_union_that_boto3_cannot_read_is_a_failure(fake: Fake, tmp_path: Path) -> None:
    group = {
        "FeatureGroupName": "group",
        "FeatureGroupArn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:feature-group/group",
    }
    answers: dict[str, dict[str, Any]] = {
        "ListFeatureGroups": {"FeatureGroupSummaries": [group]},
        "DescribeFeatureGroup": {**group, "FeatureDefinitions": [{"CollectionConfig": {}}]},
    }
    fake.before = lambda operation, _request: answers.get(operation)
    report = export(tmp_path, options(fake, kinds=("FeatureGroup",)))
    assert (report.kinds[0].found, report.kinds[0].failed) == (1, 1)
    assert "boto3 cannot read the answer" in report.to_text()


def test_a_listing_without_end_is_refused(fake: Fake, tmp_path: Path) -> None:
    fake.before = lambda operation, _request: (
        {"TrainingJobSummaries": [], "NextToken": "again"} if operation == "ListTrainingJobs" else None
    )
    report = export(tmp_path, options(fake))
    assert list(report.kinds[0].problems) == [
        "ListTrainingJobs: the endpoint gives the same NextToken again and again."
    ]


def test_descriptions_that_go_on_are_put_together(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:feature-group/features"
        feature = {"FeatureName": request.get("NextToken", "first"), "FeatureType": "Integral"}
        group = {"FeatureGroupName": "features", "FeatureGroupArn": arn}
        more = {} if "NextToken" in request else {"NextToken": "second"}
        answers: dict[str, dict[str, Any]] = {
            "ListFeatureGroups": {"FeatureGroupSummaries": [group]},
            "DescribeFeatureGroup": {**group, "FeatureDefinitions": [feature], **more},
            "ListTags": {"Tags": []},
        }
        return answers[operation]

    fake.before = before
    export(tmp_path, options(fake, kinds=("FeatureGroup",)))
    (document,) = lines(tmp_path / "FeatureGroup.jsonl")
    assert [feature["FeatureName"] for feature in document["FeatureDefinitions"]] == ["first", "second"]
    assert "NextToken" not in document


def test_children_are_listed_for_each_parent_and_choice(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if operation == "ListImages":
            return {"Images": [{"ImageName": name} for name in ("a", "b", "lost")]}
        if operation == "ListImageVersions" and request["ImageName"] == "lost":
            raise Fault("ResourceNotFound", "No Image with the name lost exists.")
        arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image-version/{request.get('ImageName')}"
        if operation == "ListImageVersions":
            return {"ImageVersions": [{"ImageVersionArn": f"{arn}/{number}", "Version": number} for number in (1, 2)]}
        if operation == "DescribeImageVersion":
            return {"ImageVersionArn": f"{arn}/{request['Version']}", "Version": request["Version"]}
        return {"Tags": []}

    fake.before = before
    report = export(tmp_path, options(fake, kinds=("ImageVersion",)))
    arns = [
        document["ImageVersionArn"].partition("image-version/")[2]
        for document in lines(tmp_path / "ImageVersion.jsonl")
    ]
    assert arns == ["a/1", "a/2", "b/1", "b/2"]
    assert report.is_complete, "an image that was deleted meanwhile has no versions"


def test_versions_of_model_packages_are_listed_and_described_by_arn(fake: Fake, tmp_path: Path) -> None:
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:model-package/group/1"

    def before(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if operation == "ListModelPackages":
            assert request["ModelPackageType"] == "Both", "without it the service lists those that have no versions"
            return {"ModelPackageSummaryList": [{"ModelPackageArn": arn, "ModelPackageVersion": 1}]}
        if operation == "DescribeModelPackage":
            return {"ModelPackageArn": request["ModelPackageName"], "ModelPackageVersion": 1}
        return {"Tags": []}

    fake.before = before
    export(tmp_path, options(fake, kinds=("ModelPackage",)))
    assert [document["ModelPackageArn"] for document in lines(tmp_path / "ModelPackage.jsonl")] == [arn]


def test_by_search_the_results_are_taken_as_they_come(fake: Fake, tmp_path: Path) -> None:
    def before(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        assert operation == "Search"
        start = int(request.get("NextToken", "0"))
        results = [{"TrainingJob": fake.described(name)} for name in fake.names[start : start + 20]]
        return {"Results": results, **({"NextToken": "20"} if start == 0 else {})}

    fake.before = before
    report = export(tmp_path, options(fake, by_search=True, since=1_700_000_006_000_000))
    assert (report.kinds[0].written, report.kinds[0].older) == (15, 10)
    expression = fake.calls[0][1]["SearchExpression"]["Filters"]
    assert expression == [
        {"Name": "LastModifiedTime", "Operator": "GreaterThanOrEqualTo", "Value": "2023-11-14T22:13:26Z"}
    ]
    assert smsearch.open(tmp_path).report.stored == 15


def test_kinds_that_nothing_gives_are_refused(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsearch.export.routes._listing", lambda _resource, _model: None)
    with pytest.raises(RefusedError, match="no operation of the service that lists every ProcessingJob"):
        export(tmp_path, options(fake, kinds=("ProcessingJob",)))


def test_what_boto3_does_not_find_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreachableError, match="nobody-here"):
        export(tmp_path, Options(Address("http://127.0.0.1:9", profile="nobody-here"), JOBS))
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(UnreachableError, match="region"):
        export(tmp_path, Options(Address(), JOBS))
    assert list(tmp_path.iterdir()) == []


def test_without_boto3_it_says_what_to_install(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "boto3", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'smsearch-offline\[export\]'"):
        export(tmp_path, options(fake))


def test_an_endpoint_of_ones_own_needs_no_credentials(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert export(tmp_path, options(fake)).is_complete
    assert endpoints.Endpoint(Address(fake.url), 1).region == "us-east-1"


def test_a_folder_that_cannot_be_written_is_told(fake: Fake, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        export(tmp_path / "file", options(fake))
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 - names are what it is about
