"""The jobs around training: processing, batch transform and compilation; and flow definitions for reviews by people.

Every function derives its records from habits, models or a moment that it is given, so that every team, model
and artifact that they mention exists. Machines and times follow the teams, so that costs differ. Knows no file.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, Final

from benchmarks.companions import ACCOUNT, REGION, arn, later, tags
from benchmarks.runs import ROLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.retraining import Habit

_SKLEARN: Final = f"683313688378.dkr.ecr.{REGION}.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
_SPARK: Final = f"173754725891.dkr.ecr.{REGION}.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py39-v1"
_MACHINES: Final = {
    "vision": ("ml.m5.4xlarge", 4),
    "nlp": ("ml.r5.8xlarge", 1),
    "ranking": ("ml.r5.2xlarge", 6),
    "speech": ("ml.c5.4xlarge", 2),
}
"""What the processing jobs of a team run on; a small machine if the team is not here."""
_INPUT: Final = "/opt/ml/processing/input"
_OUTPUT: Final = "/opt/ml/processing/output"


def _base(habit: Habit) -> str:
    return f"s3://acme-{habit.setup.team}-{habit.setup.project}"


def _input(name: str, uri: str, folder: str) -> dict[str, Any]:
    return {
        "InputName": name,
        "AppManaged": False,
        "S3Input": {
            "S3Uri": uri,
            "LocalPath": f"{_INPUT}/{folder}",
            "S3DataType": "S3Prefix",
            "S3InputMode": "File",
            "S3DataDistributionType": "FullyReplicated",
            "S3CompressionType": "None",
        },
    }


def _features(habit: Habit, month: str, name: str) -> dict[str, Any]:
    """What a processing job reads, runs and writes."""
    machine, count = _MACHINES.get(habit.setup.team, ("ml.m5.xlarge", 1))
    base = _base(habit)
    return {
        "ProcessingInputs": [
            _input("code", f"{base}/code/features.py", "code"),
            _input("raw", f"{base}/{habit.setup.dataset}/raw/{month}/", "raw"),
        ],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": output,
                    "S3Output": {
                        "S3Uri": f"{base}/{habit.setup.dataset}/data/{output}/",
                        "LocalPath": f"{_OUTPUT}/{output}",
                        "S3UploadMode": "EndOfJob",
                    },
                    "AppManaged": False,
                }
                for output in ("train", "validation")
            ]
        },
        "ProcessingJobName": name,
        "ProcessingResources": {
            "ClusterConfig": {"InstanceCount": count, "InstanceType": machine, "VolumeSizeInGB": 50}
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 21_600},
        "AppSpecification": {
            "ImageUri": _SPARK if count > 1 else _SKLEARN,
            "ContainerEntrypoint": ["python3", f"{_INPUT}/code/features.py"],
            "ContainerArguments": ["--month", month],
        },
        "Environment": {"LOG_LEVEL": "INFO"},
        "NetworkConfig": {"EnableInterContainerTrafficEncryption": False, "EnableNetworkIsolation": False},
        "RoleArn": ROLE,
    }


def processing_jobs(habits: Sequence[Habit], year: int) -> list[dict[str, Any]]:
    """A processing job of each team in each quarter, as DescribeProcessingJob returns it; every seventh failed."""
    made = []
    quarters = ((quarter, habit) for quarter in (1, 4, 7, 10) for habit in habits)
    for number, (quarter, habit) in enumerate(quarters):
        month = f"{year}-{quarter:02d}"
        name = f"{habit.setup.team}-features-{month}"
        draw = Random(name).random
        created = later(f"{month}-01T02:00:00+00:00", seconds=int(draw() * 14_400))
        started = later(created, seconds=150 + int(draw() * 120))
        seconds = int((400 + 5_000 * draw()) * _MACHINES.get(habit.setup.team, ("", 1))[1] ** 0.5)
        failed = number % 7 == 3
        ended = later(started, seconds=seconds // 5 if failed else seconds)
        job = {
            **_features(habit, month, name),
            "ProcessingJobArn": arn("processing-job", name),
            "ProcessingJobStatus": "Failed" if failed else "Completed",
            "CreationTime": created,
            "ProcessingStartTime": started,
            "ProcessingEndTime": ended,
            "LastModifiedTime": later(ended, seconds=1),
            "Tags": tags(team=habit.setup.team, project=habit.setup.project, cost_center=habit.setup.cost_center),
        }
        if failed:
            part = int(draw() * 400)
            job["FailureReason"] = (
                f"AlgorithmError: See job logs for more information, exit code: {1 + int(draw() * 2) * 136}"
            )
            job["ExitMessage"] = f"pyarrow.lib.ArrowInvalid: part-{part:05d}.parquet: magic bytes not found in footer"
        made.append(job)
    return made


def transform_jobs(models: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A batch transform with each model, as DescribeTransformJob returns it; every fifth failed."""
    made = []
    for number, model in enumerate(models):
        team = model["ModelName"].partition("-")[0]
        created = later(model["CreationTime"], hours=6)
        name = f"{team}-scores-{created[:10]}-{number:02d}"
        draw = Random(name).random
        failed = number % 5 == 2
        started = later(created, seconds=200 + int(draw() * 100))
        job = {
            "TransformJobName": name,
            "TransformJobArn": arn("transform-job", name),
            "TransformJobStatus": "Failed" if failed else "Completed",
            "ModelName": model["ModelName"],
            "MaxConcurrentTransforms": 4,
            "ModelClientConfig": {"InvocationsTimeoutInSeconds": 600, "InvocationsMaxRetries": 1},
            "MaxPayloadInMB": 6,
            "BatchStrategy": "MultiRecord",
            "Environment": {},
            "TransformInput": {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://acme-{team}-live/requests/"}},
                "ContentType": "text/csv",
                "CompressionType": "Gzip" if number % 2 else "None",
                "SplitType": "Line",
            },
            "TransformOutput": {
                "S3OutputPath": f"s3://acme-{team}-live/scores/{name}",
                "Accept": "text/csv",
                "AssembleWith": "Line",
                "KmsKeyId": "",
            },
            "TransformResources": {
                "InstanceType": "ml.g4dn.xlarge" if team in _MACHINES else "ml.m5.large",
                "InstanceCount": 1 + number % 3,
            },
            "CreationTime": created,
            "TransformStartTime": started,
            "TransformEndTime": later(started, seconds=300 + int(draw() * 7_200)),
            "DataProcessing": {"InputFilter": "$[1:]", "OutputFilter": "$[0,-1]", "JoinSource": "Input"},
            "Tags": tags(team=team, stage="live"),
        }
        if failed:
            line = 1 + int(draw() * 90_000)
            job["FailureReason"] = f"ClientError: See job logs for more information: status 413, line {line}"
        made.append(job)
    return made


_DEVICES: Final = ("ml_c5", "ml_g4dn", "jetson_nano", "ml_inf1", "rasp4b", "ml_m5")


def compilation_jobs(models: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A compilation of each model for a device, as DescribeCompilationJob returns it; the third failed."""
    made = []
    for number, model in enumerate(models):
        team = model["ModelName"].partition("-")[0]
        created = later(model["CreationTime"], hours=2)
        name = f"{team}-compiled-{created[:10]}-{number:02d}"
        failed = number == 2
        artifact = model["PrimaryContainer"]["ModelDataUrl"]
        output = f"{artifact.rpartition('/')[0]}/compiled"
        device = _DEVICES[number % len(_DEVICES)]
        xgboost = "xgboost" in model["ModelName"]
        made.append(
            {
                "CompilationJobName": name,
                "CompilationJobArn": arn("compilation-job", name),
                "CompilationJobStatus": "FAILED" if failed else "COMPLETED",
                "CompilationStartTime": later(created, seconds=40),
                "CompilationEndTime": later(created, seconds=260 + 35 * number),
                "StoppingCondition": {"MaxRuntimeInSeconds": 900},
                "CreationTime": created,
                "LastModifiedTime": later(created, seconds=261 + 35 * number),
                "FailureReason": "ClientError: InputConfiguration: no operator aten::scatter_add_ at node 412"
                if failed
                else "",
                "ModelArtifacts": {"S3ModelArtifacts": f"{output}/model-{device}.tar.gz"},
                "RoleArn": ROLE,
                "InputConfig": {
                    "S3Uri": artifact,
                    "DataInputConfig": '{"data": [1, 32]}' if xgboost else '{"input0": [1, 3, 224, 224]}',
                    "Framework": "XGBOOST" if xgboost else "PYTORCH",
                    "FrameworkVersion": "1.5.1" if xgboost else "2.0",
                },
                "OutputConfig": {"S3OutputLocation": output, "TargetDevice": device},
                "Tags": tags(team=team),
            }
        )
    return made


_REVIEWS: Final[dict[str, tuple[str, str]]] = {
    "vision": ("Is the street sign readable?", "AWS/Rekognition/DetectModerationLabels/Image/V3"),
    "nlp": ("Is the review about the product?", ""),
    "fraud": ("Is this invoice genuine?", "AWS/Textract/AnalyzeDocument/Forms/V1"),
    "speech": ("Does the text say what the call says?", ""),
}
_SAMPLING: Final = (
    '{"Conditions": [{"ConditionType": "Sampling", "ConditionParameters": {"RandomSamplingPercentage": 5}}]}'
)


def flow_definitions(start: str) -> list[dict[str, Any]]:
    """A flow definition of each team that has people look at answers, as DescribeFlowDefinition returns it."""
    made: list[dict[str, Any]] = []
    for number, (team, (title, source)) in enumerate(_REVIEWS.items()):
        name = f"{team}-review"
        definition: dict[str, Any] = {
            "FlowDefinitionArn": arn("flow-definition", name),
            "FlowDefinitionName": name,
            "FlowDefinitionStatus": "Failed" if team == "speech" else "Active",
            "CreationTime": later(start, days=11 * number),
            "HumanLoopConfig": {
                "WorkteamArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:workteam/private-crowd/{team}",
                "HumanTaskUiArn": arn("human-task-ui", name),
                "TaskTitle": title,
                "TaskDescription": f"Look at one answer of the {team} model and say whether it is right",
                "TaskCount": 1 + number % 3,
                "TaskAvailabilityLifetimeInSeconds": 864_000,
                "TaskTimeLimitInSeconds": 600 * (1 + number),
                "TaskKeywords": [team, "review"],
            },
            "OutputConfig": {"S3OutputPath": f"s3://acme-{team}-live/reviews"},
            "RoleArn": ROLE,
            "Tags": tags(team=team, stage="live"),
        }
        if source:
            definition["HumanLoopRequestSource"] = {"AwsManagedHumanLoopRequestSource": source}
            definition["HumanLoopActivationConfig"] = {
                "HumanLoopActivationConditionsConfig": {"HumanLoopActivationConditions": _SAMPLING}
            }
        if team == "speech":
            definition["FailureReason"] = "The role is not allowed to write to s3://acme-speech-live/reviews (403)."
        made.append(definition)
    return made
