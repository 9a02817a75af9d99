"""Fetches a dump from an account, or from any endpoint that speaks its protocol.

What is fetched are boto3's own answers, a line each. How a dump is read is not known here; that is `ingest/`.
"""

from __future__ import annotations

from smsearch.export.endpoint import Address
from smsearch.export.run import Options, export

__all__ = ["Address", "Options", "export"]
