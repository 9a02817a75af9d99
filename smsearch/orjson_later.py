"""orjson, loaded when it is first used: `from smsearch.orjson_later import orjson`.

Loading it takes a process as long as a whole short search, since it loads `uuid` and `zoneinfo`; `small_json.py` reads
what such a search reads.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import orjson
else:
    from smsearch.later import Later

    orjson = sys.modules.get("orjson") or Later("orjson", "orjson")

__all__ = ["orjson"]
