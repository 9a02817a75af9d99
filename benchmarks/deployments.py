"""The records around deployment: models, packages, endpoints, pipelines, features, images, projects.

Each function derives its records from the ones before it, so that every name one of them mentions exists.
Knows no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from benchmarks.companions import arn, later, person, tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.training_job import Record

_ROLE: Final = arn("role", "service-role/sagemakerexecution", service="iam")
_STATUSES: Final = ("Succeeded", "Succeeded", "Failed", "Succeeded", "Executing", "Stopped")
_APPROVALS: Final = ("Approved", "PendingManualApproval", "Rejected")


def _team(name: str) -> str:
    return name.partition("-")[0]


def models(jobs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A model for each job that completed, as `DescribeModel` returns it."""
    return [
        {
            "ModelName": f"{job['TrainingJobName']}-model",
            "ModelArn": arn("model", f"{job['TrainingJobName']}-model"),
            "PrimaryContainer": {
                "Image": job["AlgorithmSpecification"]["TrainingImage"].replace("training", "inference"),
                "Mode": "SingleModel",
                "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"],
                "Environment": {"SAGEMAKER_REGION": "us-east-1"},
            },
            "ExecutionRoleArn": _ROLE,
            "CreationTime": later(job["LastModifiedTime"], minutes=2),
            "EnableNetworkIsolation": job["EnableNetworkIsolation"],
            "Tags": job["Tags"],
        }
        for job in jobs
        if job["TrainingJobStatus"] == "Completed"
    ]


def endpoints(models: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """An endpoint for each model; every fourth of them failed."""
    return [
        {
            "EndpointName": f"{_team(model['ModelName'])}-live-{number}",
            "EndpointArn": arn("endpoint", f"{_team(model['ModelName'])}-live-{number}"),
            "EndpointConfigName": f"{model['ModelName']}-config",
            "ProductionVariants": [
                {
                    "VariantName": variant,
                    "DeployedImages": [{"SpecifiedImage": model["PrimaryContainer"]["Image"]}],
                    "CurrentWeight": weight,
                    "DesiredWeight": weight,
                    "CurrentInstanceCount": number % 3 + 1,
                    "DesiredInstanceCount": number % 3 + 1,
                }
                for variant, weight in (("champion", 0.9), ("challenger", 0.1))[: 1 + number % 2]
            ],
            "EndpointStatus": "Failed" if number % 4 == 3 else "InService",
            **(
                {"FailureReason": "The primary container did not pass its ping health check."}
                if number % 4 == 3
                else {}
            ),
            "CreationTime": later(model["CreationTime"], minutes=10),
            "LastModifiedTime": later(model["CreationTime"], minutes=17),
            "Tags": tags(team=_team(model["ModelName"]), stage="live"),
        }
        for number, model in enumerate(models)
    ]


def package_groups(models: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A model package group for each team that has models."""
    first: dict[str, dict[str, Any]] = {}
    for model in sorted(models, key=lambda model: str(model["CreationTime"])):
        first.setdefault(_team(model["ModelName"]), model)
    return [
        {
            "ModelPackageGroupName": f"{team}-models",
            "ModelPackageGroupArn": arn("model-package-group", f"{team}-models"),
            "ModelPackageGroupDescription": f"What {team} may deploy",
            "CreationTime": later(model["CreationTime"], hours=-1),
            "CreatedBy": person("goran"),
            "ModelPackageGroupStatus": "Completed",
            "Tags": tags(team=team),
        }
        for team, model in first.items()
    ]


def packages(models: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A model package for each model, versions counted within its team's group."""
    versions: dict[str, int] = {}
    made = []
    for number, model in enumerate(models):
        group = f"{_team(model['ModelName'])}-models"
        version = versions[group] = versions.get(group, 0) + 1
        made.append(
            {
                "ModelPackageGroupName": group,
                "ModelPackageVersion": version,
                "ModelPackageArn": arn("model-package", f"{group}/{version}"),
                "ModelPackageDescription": f"Candidate {number}",
                "CreationTime": later(model["CreationTime"], minutes=5),
                "LastModifiedTime": later(model["CreationTime"], days=1),
                "InferenceSpecification": {
                    "Containers": [
                        {
                            "Image": model["PrimaryContainer"]["Image"],
                            "ModelDataUrl": model["PrimaryContainer"]["ModelDataUrl"],
                        }
                    ],
                    "SupportedContentTypes": ["text/csv", "application/json"],
                    "SupportedResponseMIMETypes": ["application/json"],
                },
                "ModelPackageStatus": "Completed",
                "ModelPackageStatusDetails": {"ValidationStatuses": [], "ImageScanStatuses": []},
                "ModelApprovalStatus": _APPROVALS[number % 3],
                "CustomerMetadataProperties": {"accuracy": f"{0.8 + number / 100:.2f}", "reviewer": "goran"},
                "Tags": tags(team=_team(model["ModelName"])),
            }
        )
    return made


def pipelines(teams: Sequence[str], start: str) -> list[dict[str, Any]]:
    """A retraining pipeline for each team."""
    return [
        {
            "PipelineName": f"{team}-retrain",
            "PipelineArn": arn("pipeline", f"{team}-retrain"),
            "PipelineDisplayName": f"Retrain {team}",
            "PipelineDescription": "Trains, measures, registers",
            "PipelineStatus": "Active",
            "RoleArn": _ROLE,
            "CreationTime": later(start, days=number),
            "LastModifiedTime": later(start, days=30 + number),
            "LastRunTime": later(start, days=60 + number),
            "CreatedBy": person("chen"),
            "LastModifiedBy": person("chen"),
            "Tags": tags(team=team, cost_center=str(1100 + 10 * number)),
        }
        for number, team in enumerate(teams)
    ]


def executions(pipelines: Sequence[dict[str, Any]], each: int) -> list[dict[str, Any]]:
    """Some executions of each pipeline, a day apart."""
    made = []
    for number, (pipeline, turn) in enumerate((pipeline, turn) for pipeline in pipelines for turn in range(each)):
        status = _STATUSES[number % len(_STATUSES)]
        started = later(pipeline["CreationTime"], days=turn + 1)
        made.append(
            {
                "PipelineArn": pipeline["PipelineArn"],
                "PipelineExecutionArn": f"{pipeline['PipelineArn']}/execution/{number:012x}",
                "PipelineExecutionDisplayName": f"{pipeline['PipelineName']}-{turn + 1}",
                "PipelineExecutionStatus": status,
                **({"FailureReason": "Step failure: train did not converge"} if status == "Failed" else {}),
                "CreationTime": started,
                "LastModifiedTime": later(started, minutes=35 + number),
                "CreatedBy": person("chen"),
                "LastModifiedBy": person("chen"),
                "PipelineParameters": [
                    {"Name": "epochs", "Value": str(5 * (turn + 1))},
                    {"Name": "instance", "Value": "ml.m5.xlarge"},
                ],
            }
        )
    return made


def pipeline_versions(pipelines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two versions of each pipeline."""
    return [
        {
            "PipelineArn": pipeline["PipelineArn"],
            "PipelineVersionId": version,
            "PipelineVersionDisplayName": f"{pipeline['PipelineName']} v{version}",
            "CreationTime": later(pipeline["CreationTime"], days=15 * (version - 1)),
            "LastModifiedTime": later(pipeline["CreationTime"], days=15 * (version - 1), minutes=1),
            "CreatedBy": person("chen"),
        }
        for pipeline in pipelines
        for version in (1, 2)
    ]


_FEATURES: Final = {
    "customers": {
        "customer_id": "String",
        "age": "Integral",
        "balance": "Fractional",
        "updated_at": "Fractional",
    },
    "baskets": {
        "basket_id": "String",
        "items": "Integral",
        "total": "Fractional",
        "updated_at": "Fractional",
    },
    "devices": {"device_id": "String", "os": "String", "risk": "Fractional", "updated_at": "Fractional"},
}


def feature_groups(start: str) -> list[dict[str, Any]]:
    """The feature groups, as `DescribeFeatureGroup` returns them."""
    return [
        {
            "FeatureGroupName": name,
            "FeatureGroupArn": arn("feature-group", name),
            "RecordIdentifierFeatureName": next(iter(features)),
            "EventTimeFeatureName": "updated_at",
            "FeatureDefinitions": [{"FeatureName": key, "FeatureType": kind} for key, kind in features.items()],
            "CreationTime": later(start, days=3 * number),
            "LastModifiedTime": later(start, days=3 * number, hours=4),
            "OnlineStoreConfig": {"EnableOnlineStore": number != 1},
            "OfflineStoreConfig": {
                "S3StorageConfig": {"S3Uri": f"s3://acme-features/{name}"},
                "DisableGlueTableCreation": False,
            },
            "RoleArn": _ROLE,
            "FeatureGroupStatus": "Created",
            "Description": f"What is known of {name}",
            "Tags": tags(team="fraud", domain=name),
        }
        for number, (name, features) in enumerate(_FEATURES.items())
    ]


def feature_metadata(groups: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One record for each feature of each group; their ARN is the group's."""
    return [
        {
            "FeatureGroupArn": group["FeatureGroupArn"],
            "FeatureGroupName": group["FeatureGroupName"],
            "FeatureName": feature["FeatureName"],
            "FeatureType": feature["FeatureType"],
            "CreationTime": group["CreationTime"],
            "LastModifiedTime": later(group["CreationTime"], days=2),
            "Description": f"The {feature['FeatureName'].replace('_', ' ')} of {group['FeatureGroupName']}",
            "Parameters": [
                {"Key": "pii", "Value": "true" if feature["FeatureName"].endswith("_id") else "false"},
                {"Key": "source", "Value": f"warehouse.{group['FeatureGroupName']}"},
            ],
        }
        for group in groups
        for feature in group["FeatureDefinitions"]
    ]


def images(start: str) -> tuple[list[Record], list[Record]]:
    """Two images, and two versions of each."""
    made: list[Record] = []
    versions: list[Record] = []
    for number, name in enumerate(("research-notebook", "gpu-lab")):
        created = later(start, days=number)
        made.append(
            {
                "ImageName": name,
                "ImageArn": arn("image", name),
                "DisplayName": name.replace("-", " ").title(),
                "ImageStatus": "CREATED",
                "RoleArn": _ROLE,
                "CreationTime": created,
                "LastModifiedTime": later(created, days=9),
            }
        )
        versions.extend(
            {
                "ImageArn": arn("image", name),
                "ImageVersionArn": arn("image-version", f"{name}/{version}"),
                "Version": version,
                "ImageVersionStatus": "CREATED",
                "BaseImage": f"111122223333.dkr.ecr.us-east-1.amazonaws.com/{name}:{version}.0",
                "Processor": "GPU" if number else "CPU",
                "CreationTime": later(created, days=version),
                "LastModifiedTime": later(created, days=version, minutes=3),
            }
            for version in (1, 2)
        )
    return made, versions


def projects(names: Sequence[str], start: str) -> list[Record]:
    """A project for each name."""
    return [
        {
            "ProjectName": name,
            "ProjectArn": arn("project", name),
            "ProjectId": f"p-{name}0000",
            "ProjectDescription": f"The {name} project",
            "ProjectStatus": "CreateCompleted",
            "CreationTime": later(start, days=number),
            "LastModifiedTime": later(start, days=number, minutes=8),
            "CreatedBy": person("luz"),
            "Tags": tags(project=name),
        }
        for number, name in enumerate(names)
    ]


def model_cards(models: Sequence[dict[str, Any]]) -> list[Record]:
    """A model card for each model; what it says is JSON in a string."""
    return [
        {
            "ModelCardName": f"{model['ModelName'].removesuffix('-model')}-card",
            "ModelCardArn": arn("model-card", f"{model['ModelName'].removesuffix('-model')}-card"),
            "ModelCardVersion": 1 + number % 2,
            "ModelCardStatus": ("Draft", "PendingReview", "Approved")[number % 3],
            "Content": f'{{"model_overview": {{"model_name": "{model["ModelName"]}"}}}}',
            "RiskRating": ("Low", "Medium", "High", "Unknown")[number % 4],
            "CreationTime": later(model["CreationTime"], days=1),
            "LastModifiedTime": later(model["CreationTime"], days=2),
            "CreatedBy": person("luz"),
            "LastModifiedBy": person("luz"),
            "Tags": model["Tags"],
        }
        for number, model in enumerate(models)
    ]
