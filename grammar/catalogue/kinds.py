"""What the service model does not state of kinds of records: their identities, their parents, what is left out.

Every Describe and List operation of the service model either belongs to a kind or stands in `LEFT_OUT` with the
reason; the generators stop at one that does neither. Nothing imports this module but the generators and their tests.
"""

from __future__ import annotations

RECORD_KEYS = {"ExperimentTrial": "Trial", "ExperimentTrialComponent": "TrialComponent"}
"""Resources whose records stand under another key in a result (semantics row R2)."""

ID = "Id"
"""The member that tells records apart where neither a name nor an ARN in every summary does; `KEYS` says of what."""

IDENTITY = {
    "Association": ("SourceArn", "DestinationArn"),
    "AutoMLCandidate": ("AutoMLJobArn", "CandidateName"),
    "ClusterEvent": ("ClusterArn", "EventId"),
    "ClusterExtension": ("ExtensionArn", "ExtensionName"),
    "ClusterNode": ("ClusterArn", "InstanceId"),
    "ClusterOperation": ("ClusterArn", "OperationId"),
    "ClusterSchedulerConfig": ("ClusterSchedulerConfigArn", "Name"),
    "ComputeQuota": ("ComputeQuotaArn", "Name"),
    "DataQualityJobDefinition": ("JobDefinitionArn", "JobDefinitionName"),
    "FeatureMetadata": ("FeatureGroupArn", "FeatureName"),
    "GlobalInferenceGateway": ("Arn", "Name"),
    "ImageVersion": ("ImageVersionArn", "Version"),
    "InferenceExperiment": ("Arn", "Name"),
    "InferenceGateway": ("ClusterArn", ID),
    "InferenceRecommendationsJob": ("JobArn", "JobName"),
    "InferenceRecommendationsJobStep": ("JobArn", ID),
    "MlflowApp": ("Arn", "Name"),
    "MlflowTrackingServer": ("TrackingServerArn", "TrackingServerName"),
    "Model": ("Model.ModelArn", "Model.ModelName"),
    "ModelBiasJobDefinition": ("JobDefinitionArn", "JobDefinitionName"),
    "ModelExplainabilityJobDefinition": ("JobDefinitionArn", "JobDefinitionName"),
    "ModelQualityJobDefinition": ("JobDefinitionArn", "JobDefinitionName"),
    "MonitoringAlert": ("MonitoringScheduleArn", ID),
    "MonitoringAlertHistory": ("MonitoringScheduleArn", ID),
    "MonitoringExecution": ("ProcessingJobArn", ID),
    "PartnerApp": ("Arn", "Name"),
    "PipelineExecution": ("PipelineExecutionArn", "PipelineExecutionDisplayName"),
    "PipelineExecutionStep": ("PipelineExecutionArn", ID),
    "PipelineVersion": ("PipelineArn", "PipelineVersionId"),
    "ReservedCapacity": ("ReservedCapacityArn", "ReservedCapacityArn"),
    "StageDevice": ("EdgeDeploymentPlanArn", "DeviceArn"),
    "SubscribedWorkteam": ("WorkteamArn", "MarketplaceTitle"),
    "UltraServer": ("ReservedCapacityArn", "UltraServerId"),
}
"""(ARN member, name member) of the kinds where they are not `<Kind>Arn` and `<Kind>Name`."""

KEYS = {
    "App": ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"),
    "InferenceGateway": ("Name", "Namespace"),
    "InferenceRecommendationsJobStep": (
        "JobName",
        "StepType",
        "InferenceBenchmark.EndpointConfiguration.EndpointName",
    ),
    "MonitoringAlert": ("MonitoringAlertName", "MonitoringScheduleName", "CreationTime"),
    "MonitoringAlertHistory": ("MonitoringAlertName", "MonitoringScheduleName", "CreationTime"),
    "MonitoringExecution": ("MonitoringScheduleName", "ScheduledTime"),
    "PipelineExecutionStep": ("StepName", "StartTime"),
    "Space": ("DomainId", "SpaceName"),
    "UserProfile": ("DomainId", "UserProfileName"),
}
"""The members that `Id` is made of, the first of which every record has."""

SHARED_ARN = {
    "Association",
    "AutoMLCandidate",
    "ClusterEvent",
    "ClusterNode",
    "ClusterOperation",
    "FeatureMetadata",
    "InferenceGateway",
    "InferenceRecommendationsJobStep",
    "MonitoringAlert",
    "MonitoringAlertHistory",
    "MonitoringExecution",
    "PipelineExecutionStep",
    "PipelineVersion",
    "StageDevice",
    "UltraServer",
}
"""Kinds whose ARN is that of what they belong to: several records carry it, and the name tells them apart."""

VERSIONS = {
    "App": ID,
    "ClusterSchedulerConfig": "ClusterSchedulerConfigVersion",
    "ComputeQuota": "ComputeQuotaVersion",
    "ModelCard": "ModelCardVersion",
    "Space": ID,
    "UserProfile": ID,
}
"""The member that tells apart records of one name: versions under one ARN, apps of one name in two domains (row D1)."""

PARENTS = {
    "AutoMLCandidate": {"AutoMLJobArn": "AutoMLJobArn", "AutoMLJobName": "AutoMLJobName"},
    "ClusterExtension": {"ClusterArn": "ClusterArn"},
    "ClusterNode": {"ClusterArn": "ClusterArn", "ClusterName": "ClusterName"},
    "InferenceGateway": {"GlobalInferenceGatewayArn": "GlobalInferenceGatewayArn"},
    "InferenceRecommendationsJobStep": {"JobArn": "RecommendationJobArn"},
    "MonitoringAlert": {
        "MonitoringScheduleArn": "MonitoringScheduleArn",
        "MonitoringScheduleName": "MonitoringScheduleName",
    },
    "MonitoringAlertHistory": {"MonitoringScheduleArn": "MonitoringScheduleArn"},
    "PipelineExecutionStep": {"PipelineExecutionArn": "PipelineExecutionArn"},
    "UltraServer": {"ReservedCapacityArn": "ReservedCapacityArn"},
}
"""Members, and their shapes, that say what a record belongs to: operations take them and show them in no record."""

ADDED = {"HubContent": {"Metadata": "HubContentMetadata"}}
"""Members, and their shapes, that public code filters on and the service model does not have (row N3)."""
ADDED_SHAPES = {
    "HubContentMetadata": {"map": "HubContentMetadataValue"},
    "HubContentMetadataValue": {"list": "text"},
}
"""The shapes of members that the service model does not have."""

LISTED = {
    "ListAssociations": "Association",
    "ListCandidatesForAutoMLJob": "AutoMLCandidate",
    "ListHubContentVersions": "HubContent",
    "ListInferenceGateways": "InferenceGateway",
    "ListInferenceRecommendationsJobSteps": "InferenceRecommendationsJobStep",
    "ListModelCardVersions": "ModelCard",
    "ListMonitoringAlertHistory": "MonitoringAlertHistory",
    "ListMonitoringAlerts": "MonitoringAlert",
    "ListMonitoringExecutions": "MonitoringExecution",
    "ListPipelineExecutionSteps": "PipelineExecutionStep",
    "ListResourceCatalogs": "ResourceCatalog",
    "ListStageDevices": "StageDevice",
    "ListUltraServersByReservedCapacity": "UltraServer",
}
"""The kinds of List operations that have no Describe of their own name."""

PARTS = {
    "ListPipelineParametersForExecution": ("PipelineExecution", "PipelineParameters"),
    "ListTags": ("", "Tags"),
}
"""List operations that give the elements of a list inside one record: its kind, or any, and the list's member."""

BATCHES = {"BatchDescribeModelPackage": ("ModelPackage", "ModelPackageArnList", "ModelPackageSummaries")}
"""Operations that describe several records by their ARNs: the kind, the input's ARNs, the output's map of summaries."""

LEFT_OUT = {
    "DescribeJobSchemaVersion": "a schema that the service publishes, the same in every account",
    "DescribePipelineDefinitionForExecution": "a text; the pipeline's record has its definition, as it is now",
    "DescribeTrainingPlanExtensionHistory": "a list that belongs to a plan, without a record of its own",
    "ListAliases": "texts, not records",
    "ListClusterExtensionVersions": "versions that the service publishes, the same in every account",
    "ListJobSchemaVersions": "versions that the service publishes, the same in every account",
    "ListModelMetadata": "models that the service publishes, the same in every account",
}
"""Describe and List operations that give records of no kind, and why."""

ARN_TYPES = {
    "ClusterExtension": "extension",
    "EdgeDeploymentPlan": "edge-deployment",
    "ModelCardExportJob": "model-card/export-job",
    "PipelineExecution": "pipeline/execution",
    "ResourceCatalog": "sagemaker-catalog",
}
"""The type in a kind's ARN where it is not the kind's name in small letters, with that of what follows the name."""

UNTAGGED = {"FeatureMetadata", "PipelineVersion"}
"""Resources that carry no tags; an export of any other with an ARN of its own may have them joined in."""


def identity(kind: str, key: str) -> tuple[str, str]:
    """The paths of a kind's ARN and of its name."""
    return IDENTITY.get(kind, (f"{key}Arn", f"{key}Name"))


def plural(key: str) -> str:
    """How List operations name the records of a key (`CodeRepositories`, `Gateways`)."""
    return key.removesuffix("y") + "ies" if key.endswith("ry") else key + "s"
