#!/bin/sh
# SageMaker's metrics have names such as validation:accuracy. One would expect tensorboardX to write them as they are, or to rename
# them everywhere. add_scalar writes validation_accuracy, into the same series as a metric of that name; add_hparams does so
# too, but announces validation:accuracy to the table of hyperparameters, whose column of that metric then has no value in it.
# Seen with tensorboardX 2.6.5, read with tensorboard 2.21.0.
. "$(dirname "$0")/lib"
in_packages 'tensorboardX==2.6.5 tensorboard==2.21.0' <<'PYTHON'
import importlib.metadata
import logging
import sys

logging.disable()
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboardX import SummaryWriter

print(f"tensorboardX {importlib.metadata.version('tensorboardX')}")


def events(folder):
    accumulator = EventAccumulator(folder)
    accumulator.Reload()
    return accumulator


with SummaryWriter("series") as writer:
    writer.add_scalar("validation:accuracy", 0.25, 1)
    writer.add_scalar("validation_accuracy", 0.75, 1)
series = events("series")
values = {tag: [point.value for point in series.Scalars(tag)] for tag in series.Tags()["scalars"]}
with SummaryWriter("table") as writer:
    writer.add_hparams({"lr": 0.1}, {"validation:accuracy": 0.25}, name="a")
job = events("table/a")
announced = HParamsPluginData.FromString(job.SummaryMetadata("_hparams_/experiment").plugin_data.content).experiment.metric_infos
names = [metric.name.tag for metric in announced]
print(f"two scalars become {values}\nthe table announces {names}, the job has {job.Tags()['scalars']}")
right = values == {"validation_accuracy": [0.25, 0.75]} and job.Tags()["scalars"] == ["validation_accuracy"]
sys.exit(0 if right and names == ["validation:accuracy"] else 1)
PYTHON
