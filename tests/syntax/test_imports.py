"""What importing the syntax costs: lark is loaded for a text alone, and no regular expression is compiled early."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest

from smsearch import syntax

MODULES = [module.name for module in walk_packages(syntax.__path__, "smsearch.syntax.")]
PARSER = "smsearch.syntax.text.parser"


def test_lark_is_loaded_by_the_parser_alone() -> None:
    assert PARSER in MODULES
    others = [name for name in MODULES if name != PARSER]
    program = (
        f"import sys, {', '.join(others)}; print('lark' in sys.modules); import {PARSER}; print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_json_loads_nothing_of_the_text_language() -> None:
    program = "import sys, smsearch.api.request; print([name for name in sys.modules if '.syntax.text' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", MODULES)
def test_no_regular_expression_is_compiled_at_import(name: str) -> None:
    assert not [variable for variable, value in vars(import_module(name)).items() if isinstance(value, re.Pattern)]
