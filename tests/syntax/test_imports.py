"""What importing the syntax costs: no parser for JSON, no lark for a text, and no regular expression compiled early."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest

from smsearch import syntax

MODULES = [module.name for module in walk_packages(syntax.__path__, "smsearch.syntax.")]
LARK_USER = "smsearch.syntax.text.make_tables"


def test_lark_is_loaded_by_the_maker_of_tables_alone() -> None:
    assert LARK_USER in MODULES
    others = [name for name in MODULES if name != LARK_USER]
    loaded = "; print('lark' in sys.modules)"
    program = f"import sys, {', '.join(others)}{loaded}; import {LARK_USER}{loaded}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_json_loads_nothing_of_the_text_language() -> None:
    program = "import sys, smsearch.api.request; print([name for name in sys.modules if '.syntax.text' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", MODULES)
def test_no_regular_expression_is_compiled_at_import(name: str) -> None:
    assert not [variable for variable, value in vars(import_module(name)).items() if isinstance(value, re.Pattern)]
