"""The committed catalogue is what `generate.py` makes of the installed service model."""

from __future__ import annotations

import orjson
import pytest

from smsearch.schema import generate


def test_the_committed_catalogue_is_up_to_date() -> None:
    botocore = pytest.importorskip("botocore")
    committed = orjson.loads(generate.TARGET.read_bytes())
    if committed["source"]["botocore"] != botocore.__version__:
        pytest.skip(f"the catalogue was made with botocore {committed['source']['botocore']}")
    assert generate.generate() == committed


def test_the_catalogue_says_what_it_was_made_from() -> None:
    source = orjson.loads(generate.TARGET.read_bytes())["source"]
    assert source["service"] == "sagemaker"
    assert source["api_version"] == "2017-07-24"


def test_the_committed_operations_are_up_to_date() -> None:
    botocore = pytest.importorskip("botocore")
    committed = orjson.loads(generate.OPERATIONS.read_bytes())
    if committed["source"]["botocore"] != botocore.__version__:
        pytest.skip(f"the operations were made with botocore {committed['source']['botocore']}")
    assert generate.generate_operations(generate.generate()) == committed
