#!/bin/sh
# Parameters of several jobs are text, and one is a number, as trackers export them. One would expect datasets to keep the text when
# it loads that from JSON. A column of both is kept as JSON, and text that reads as JSON by itself is kept without its quotes: "007"
# and "0.10" come back as 7 and 0.1, "true" as True, "null" and "NaN" as None, "[64, 32]" as a list; "none" and "sgd" stay. Where all
# values are text, all stay.
# Seen with datasets 5.2.0.
. "$(dirname "$0")/lib"
in_packages 'datasets==5.2.0' <<'PYTHON'
import json
import os
import sys
from pathlib import Path

os.environ |= {"HF_HOME": str(Path.cwd() / "home"), "HF_HUB_OFFLINE": "1"}
import datasets

datasets.disable_progress_bars()


def load(name, values):
    Path(name).write_text("".join(json.dumps({"value": value}) + "\n" for value in values))
    return [row["value"] for row in datasets.load_dataset("json", data_files=name, split="train")]


texts = ["007", "0.10", "true", "null", "NaN", "[64, 32]", "none", "sgd"]
alone = load("texts.jsonl", texts)
beside = load("mixed.jsonl", [0.5, *texts])
print(f"datasets {datasets.__version__}")
print(f"{texts} alone: {alone}")
print(f"beside the number 0.5: {beside[1:]}")
sys.exit(0 if alone == texts and beside == [0.5, 7, 0.1, True, None, None, [64, 32], "none", "sgd"] else 1)
PYTHON
