"""Records whose every text is an attack: markup, script, bidirectional and control characters, queries, paths."""

from __future__ import annotations

from typing import Any, Final

NAMES: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "'onmouseover='alert(3)",
    "javascript:alert(4)",
    "{{ 7 * 7 }}{% raw %}",
    "a\u202eexe.txt",
    "b\u2066c\u2069\u200bd",
    "nul\x00bell\x07esc\x1b[31mred",
    "line\nfeed\rreturn\ttab",
    "x' OR '1'='1",
    'name" OR a = "b',
    "../../etc/passwd",
    'comma,quote"and|pipe`tick[link](http://evil.example)',
    "</style></title><svg/onload=alert(5)>",
)
DANGEROUS: Final = ("\u202e", "\u2066", "\u2069", "\u200b", "\x00", "\x07", "\x1b")


def records() -> list[dict[str, Any]]:
    return [_record(place, name) for place, name in enumerate(NAMES)]


def _record(place: int, text: str) -> dict[str, Any]:
    time = f"2024-01-{place + 1:02}T00:00:00Z"
    return {
        "TrainingJobName": text,
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{text}",
        "TrainingJobStatus": text if place % 2 else "Failed",
        "SecondaryStatusTransitions": [
            {"Status": text, "StartTime": time, "EndTime": "2024-02-01T00:00:00Z", "StatusMessage": text}
        ],
        "FailureReason": text,
        "CreationTime": time,
        "HyperParameters": {text: text, "lr": f"{place}.5", "plain": text},
        "FinalMetricDataList": [{"MetricName": text, "Value": place + 0.5, "Timestamp": time}],
        "AlgorithmSpecification": {"TrainingImage": text, "TrainingInputMode": "File"},
        "InputDataConfig": [{"ChannelName": text, "DataSource": {"S3DataSource": {"S3Uri": text}}}],
        "Tags": [{"Key": text, "Value": text}, {"Key": "team", "Value": text}],
    }
