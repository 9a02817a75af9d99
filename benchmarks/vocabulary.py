"""The words that generated training jobs are made of: teams, models, hyperparameters, machines, failures.

Tables only; how they are drawn from is the business of `training_job.py`. A value that should come up more
often than another stands in its table more often.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import numpy as np

Table = tuple[str, ...]


def _weighted(**weights: int) -> Table:
    return tuple(word.replace("_", "-") for word, weight in weights.items() for _ in range(weight))


def _linear(low: float, high: float, count: int) -> Table:
    return tuple(format(value, ".4g") for value in np.linspace(low, high, count).tolist())


def _logarithmic(low: float, high: float, count: int) -> Table:
    return tuple(format(value, ".3g") for value in np.geomspace(low, high, count).tolist())


def _integers(*values: int) -> Table:
    return tuple(map(str, values))


TEAMS: Final = _weighted(vision=6, nlp=5, ranking=4, fraud=3, forecast=3, speech=2, ads=2, growth=2, robotics=1)
OWNERS: Final = (
    "ana",
    "bo",
    "chen",
    "dilnoza",
    "emeka",
    "freya",
    "goran",
    "hana",
    "imani",
    "jules",
    "kiri",
    "luz",
)
PROJECTS: Final = ("atlas", "borealis", "cascade", "dune", "ember", "fjord", "grove", "harbour")
DATASETS: Final = (
    "cat", "dog", "imagenet", "receipts", "clicks", "baskets", "sensors", "tickets", "reviews", "invoices",
    "street", "x-ray", "maps", "subtitles", "calls", "podcasts", "news", "wiki", "code", "chess",
    "weather", "load", "prices", "traffic", "stock", "claims", "cards", "logins", "devices", "sessions",
    "queries", "catalogue", "titles", "plots", "faces", "hands", "plants", "birds", "leaves", "roads",
)  # fmt: skip
ACCOUNTS: Final = ("111122223333",) * 97 + ("444455556666",) * 3
REGIONS: Final = ("us-east-1",) * 6 + ("us-west-2",) * 3 + ("eu-central-1",)

INSTANCE_TYPES: Final = (
    *("ml.m5.xlarge",) * 8, *("ml.m5.2xlarge",) * 5, *("ml.g4dn.xlarge",) * 8, *("ml.g5.xlarge",) * 6,
    *("ml.p3.2xlarge",) * 5, *("ml.g5.12xlarge",) * 3, *("ml.c5.2xlarge",) * 3, *("ml.p4d.24xlarge",) * 2,
    "ml.m5.large", "ml.m5.4xlarge", "ml.m5.12xlarge", "ml.m5.24xlarge", "ml.m6i.xlarge", "ml.m6i.4xlarge",
    "ml.m7i.2xlarge", "ml.m4.xlarge", "ml.m4.4xlarge", "ml.c4.4xlarge", "ml.c5.xlarge", "ml.c5.4xlarge",
    "ml.c5.9xlarge", "ml.c5n.18xlarge", "ml.c6i.8xlarge", "ml.c7i.12xlarge", "ml.r5.2xlarge", "ml.r5.8xlarge",
    "ml.g4dn.2xlarge", "ml.g4dn.4xlarge", "ml.g4dn.12xlarge", "ml.g5.2xlarge", "ml.g5.4xlarge",
    "ml.g5.48xlarge", "ml.g6.xlarge", "ml.g6e.12xlarge", "ml.p3.8xlarge", "ml.p3.16xlarge",
    "ml.p3dn.24xlarge", "ml.p4de.24xlarge", "ml.p5.48xlarge", "ml.trn1.32xlarge",
)  # fmt: skip

STATUSES: Final = _weighted(Completed=72, Failed=15, Stopped=9, InProgress=3, Stopping=1)

_SCRIPT_ERROR: Final = "AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "
FAILURES: Final = (
    _SCRIPT_ERROR + '"RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB (GPU 0; 15.78 GiB total)"',
    _SCRIPT_ERROR + '"ValueError: Input contains NaN, infinity or a value too large for float32"',
    _SCRIPT_ERROR + '"KeyError: \'label\'"\nCommand "/opt/conda/bin/python3.10 train.py --epochs 20"',
    "ClientError: Data download failed:NoSuchKey (404): The specified key does not exist., exit code: 1",
    "ClientError: Unable to parse csv: rows 1-1000, file train.csv: label column is empty, exit code: 2",
    "ClientError: Artifact upload failed:Insufficient disk space, exit code: 1",
    "CapacityError: Unable to provision requested ML compute capacity. Please retry with another type.",
    "InternalServerError: We encountered an internal error. Please try again.",
    "ClientError: Please use an instance type with more memory, or less training data., exit code: 137",
    "AlgorithmError: Spot capacity was reclaimed and MaxWaitTimeInSeconds had passed.",
)

_TEXT: Final[dict[str, Table]] = {
    "optimizer": ("adam", "adam", "adamw", "adamw", "sgd", "rmsprop", "lamb"),
    "lr_scheduler": ("cosine", "linear", "constant", "polynomial"),
    "objective": ("binary:logistic", "reg:squarederror", "multi:softprob", "rank:ndcg"),
    "eval_metric": ("auc", "rmse", "logloss", "merror"),
    "tree_method": ("hist", "approx", "gpu_hist"),
    "likelihood": ("student-t", "gaussian", "negative-binomial"),
    "time_freq": ("1H", "1D", "15min"),
    "predictor_type": ("binary_classifier", "regressor", "multiclass_classifier"),
    "model_name_or_path": (
        "bert-base-uncased",
        "roberta-large",
        "google/t5-v1_1-base",
        "meta-llama/Llama-3-8B",
    ),
    "backbone": ("resnet50", "resnet101", "efficientnet_b3", "vit_b_16", "darknet53"),
    "augmentation": ("none", "flip", "randaugment", '{"flip": true, "crop": 224}'),
    "sagemaker_program": ("train.py", "main.py", "finetune.py"),
    "sagemaker_region": ("us-east-1", "us-west-2"),
    "sagemaker_job_source": ("notebook", "pipeline", "ci"),
    "fp16": ("true", "false"),
    "bf16": ("True", "False"),
    "bootstrap": ("true", "false", "False"),
}
_NUMBERS: Final[dict[str, Table]] = {
    "learning_rate": (*_logarithmic(1e-5, 0.3, 400), "1e-05", "3e-4", "0.001", "0.01", "0.1"),
    "lr": _logarithmic(1e-6, 0.05, 200),
    "epochs": _integers(1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100),
    "batch_size": _integers(8, 16, 32, 64, 128, 256, 512, 1024),
    "batch size": _integers(16, 32, 64, 128),
    "mini_batch_size": _integers(100, 200, 500, 1000),
    "momentum": ("0.9", "0.95", "0.99", "0"),
    "weight_decay": _logarithmic(1e-6, 0.1, 120),
    "dropout": _linear(0, 0.6, 61),
    "num_layers": _integers(*range(1, 49)),
    "hidden_size": _integers(64, 128, 256, 512, 768, 1024, 4096),
    "seed": _integers(*range(100), 1234, 2024, 31337),
    "warmup_steps": _integers(0, 50, 100, 500, 1000, 2000),
    "max_steps": _integers(-1, 1000, 5000, 10_000, 100_000),
    "gradient_accumulation_steps": _integers(1, 2, 4, 8, 16),
    "label_smoothing": ("0.0", "0.05", "0.1"),
    "clip_norm": ("0.5", "1", "1.0", "5"),
    "num_workers": _integers(0, 2, 4, 8, 16),
    "early_stopping_patience": _integers(2, 3, 5, 10),
    "eta": _linear(0.01, 0.6, 300),
    "gamma": _linear(0, 8, 81),
    "alpha": _linear(0, 2, 200),
    "lambda": _linear(0, 4, 200),
    "max_depth": _integers(*range(2, 17)),
    "min_child_weight": _linear(0.5, 12, 116),
    "subsample": _linear(0.4, 1, 61),
    "colsample_bytree": _linear(0.3, 1, 71),
    "num_round": _integers(50, 100, 150, 200, 400, 800),
    "num_class": _integers(2, 3, 5, 10, 100),
    "scale_pos_weight": _linear(0.5, 20, 40),
    "num_leaves": _integers(15, 31, 63, 127, 255),
    "feature_fraction": _linear(0.4, 1, 61),
    "bagging_fraction": _linear(0.4, 1, 61),
    "iterations": _integers(200, 500, 1000, 3000),
    "l2_leaf_reg": _linear(1, 10, 91),
    "context_length": _integers(24, 48, 72, 168),
    "prediction_length": _integers(12, 24, 48, 72),
    "num_cells": _integers(32, 40, 64, 100),
    "feature_dim": _integers(13, 30, 100, 784),
    "num_factors": _integers(16, 32, 64),
    "max_seq_length": _integers(128, 256, 384, 512, 2048, 4096),
    "lora_r": _integers(4, 8, 16, 64),
    "lora_alpha": _integers(16, 32, 128),
    "image_size": _integers(224, 256, 384, 512, 640),
    "mixup_alpha": _linear(0, 1, 21),
    "anchor_scales": ("0.5", "1", "2"),
    "sample_rate": _integers(8000, 16_000, 44_100),
    "beam_size": _integers(1, 4, 5, 8),
    "sagemaker_container_log_level": _integers(10, 20, 30),
}

VALUES: Final[dict[str, Table]] = {**_TEXT, **_NUMBERS}
"""The spelled values of each common hyperparameter, as the built-in algorithms take them."""
QUOTED_VALUES: Final[dict[str, Table]] = {
    **{name: tuple(map(json.dumps, values)) for name, values in _TEXT.items()},
    **_NUMBERS,
}
"""The same as the script frameworks store them: text is JSON in a string."""

TAIL: Final[Table] = tuple(
    f"{part}_{knob}"
    for part in (
        "encoder", "decoder", "head", "stem", "neck", "embedding", "sampler", "loader", "teacher", "student",
        "critic", "policy", "tokenizer", "scheduler", "cache",
    )
    for knob in (
        "depth", "width", "dropout", "lr", "decay", "warmup", "bias", "scale", "init", "seed", "groups",
        "heads", "kernel", "stride", "padding", "dilation", "rank", "alpha", "beta", "tau", "margin",
        "weight", "clip", "noise", "ratio", "window", "buffer", "period", "limit", "offset",
    )
)  # fmt: skip
"""The long tail: 450 names that few jobs have."""
TAIL_VALUES: Final = (*_logarithmic(1e-4, 10, 200), *_integers(*range(64)), "auto", "none", "True", "")
RARE_HYPERPARAMETER: Final = "temperature_floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One kind of model that teams train.

    Attributes:
        name: The part of a job's name that says what was trained.
        weight: How many jobs of a hundred are of it.
        image: The training image, without its registry.
        first: The hyperparameters that every such job has first; the others are chance.
        scores: Metrics between 0.5 and 1.
        losses: Metrics from 0 upwards.
        quoted: Whether hyperparameters are stored as JSON in a string, as the script frameworks do.
    """

    name: str
    weight: int
    image: str
    first: Table
    scores: Table
    losses: Table
    quoted: bool = False

    @property
    def others(self) -> Table:
        """The common hyperparameters it may have besides; the frameworks' own only if it is a script."""
        return tuple(
            name
            for name in sorted(VALUES, key=lambda name: name[::-1])  # mixed, so that neighbours are of all kinds
            if name not in self.first and (self.quoted or not name.startswith("sagemaker_"))
        )


_SCRIPT: Final = ("sagemaker_program", "sagemaker_container_log_level", "sagemaker_region")
_DEEP: Final = ("learning_rate", "epochs", "batch_size", "optimizer")

_FAMILIES: Final = (
    Family(
        name="xgboost",
        weight=14,
        image="sagemaker-xgboost:1.7-1",
        first=("eta", "max_depth", "num_round", "objective", "subsample"),
        scores=("validation:auc", "validation:accuracy"),
        losses=("train:logloss", "validation:logloss", "validation:rmse"),
    ),
    Family(
        name="lightgbm",
        weight=10,
        image="lightgbm-training:4.1",
        first=("learning_rate", "num_leaves", "max_depth", "seed"),
        scores=("validation:auc", "accuracy"),
        losses=("train:logloss", "validation:rmse"),
    ),
    Family(
        name="deepar",
        weight=8,
        image="forecasting-deepar:1",
        first=("epochs", "time_freq", "context_length", "learning_rate"),
        scores=("test:coverage",),
        losses=("train:final_loss", "test:RMSE", "test:mean_wQuantileLoss"),
    ),
    Family(
        name="linear-learner",
        weight=5,
        image="linear-learner:1",
        first=("predictor_type", "mini_batch_size", "learning_rate", "epochs"),
        scores=("test:recall", "validation:accuracy"),
        losses=("train:objective_loss", "validation:objective_loss"),
    ),
    Family(
        name="resnet",
        weight=16,
        image="pytorch-training:2.1.0-gpu-py310",
        first=(*_DEEP, "weight_decay", *_SCRIPT),
        scores=("accuracy", "validation:accuracy", "top5"),
        losses=("train:loss", "loss", "validation:loss"),
        quoted=True,
    ),
    Family(
        name="bert",
        weight=16,
        image="huggingface-pytorch-training:2.1.0-transformers4.36",
        first=(*_DEEP, "max_seq_length", *_SCRIPT),
        scores=("accuracy", "eval/f1", "validation:accuracy"),
        losses=("train:loss", "eval/loss", "loss"),
        quoted=True,
    ),
    Family(
        name="lstm",
        weight=9,
        image="tensorflow-training:2.13-gpu-py310",
        first=(*_DEEP, "hidden_size", *_SCRIPT),
        scores=("accuracy", "auc"),
        losses=("loss", "val loss", "mean-absolute-error"),
        quoted=True,
    ),
    Family(
        name="llama-lora",
        weight=9,
        image="huggingface-pytorch-training:2.3.0-transformers4.48",
        first=("lr", "epochs", "lora_r", *_SCRIPT),
        scores=("eval/f1", "eval/exact_match"),
        losses=("train:loss", "eval/loss", "perplexity"),
        quoted=True,
    ),
    Family(
        name="yolo",
        weight=8,
        image="pytorch-training:2.3.0-gpu-py311",
        first=(*_DEEP, "image_size", "backbone", *_SCRIPT),
        scores=("mAP50", "mAP50-95", "accuracy"),
        losses=("train:loss", "box_loss", "cls_loss"),
        quoted=True,
    ),
    Family(
        name="whisper",
        weight=5,
        image="huggingface-pytorch-training:2.1.0-transformers4.36",
        first=("lr", "batch size", "beam_size", *_SCRIPT),
        scores=("accuracy",),
        losses=("eval/wer", "train:loss", "eval/loss"),
        quoted=True,
    ),
)
FAMILIES: Final = tuple(family for family in _FAMILIES for _ in range(family.weight))
