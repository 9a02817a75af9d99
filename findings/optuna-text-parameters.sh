#!/bin/sh
# SageMaker gives hyperparameters as text. Whoever brings jobs into an Optuna study with create_trial and forgets float() would
# expect to be refused, or to get numbers. It depends on where the study is. From SQLite and from a journal comes 1e-05, the
# number. In memory the parameter stays the text "1e-05", in a trial that passed the check of its distribution, and the table of
# trials orders it as text: the smallest of 0.1, 1e-05 and 0.01 is 0.01.
# Seen with optuna 5.0.0.
. "$(dirname "$0")/lib"
in_packages 'optuna==5.0.0 pandas==3.1.1' <<'PYTHON'
import importlib.metadata
import sys

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)
print(f"optuna {importlib.metadata.version('optuna')}")
distributions = {"lr": optuna.distributions.FloatDistribution(1e-6, 1.0, log=True)}
smallest = {}
for place, storage in {"memory": None, "SQLite": "sqlite://", "journal": JournalStorage(JournalFileBackend("journal"))}.items():
    study = optuna.create_study(storage=storage)
    for lr in ("0.1", "1e-05", "0.01"):
        study.add_trial(optuna.trial.create_trial(params={"lr": lr}, distributions=distributions, value=0.5))
    smallest[place] = study.trials_dataframe()["params_lr"].min()
    print(f"{place}: {[trial.params['lr'] for trial in study.trials]}, the smallest is {smallest[place]!r}")
sys.exit(0 if smallest == {"memory": "0.01", "SQLite": 1e-05, "journal": 1e-05} else 1)
PYTHON
