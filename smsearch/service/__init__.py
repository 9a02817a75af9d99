"""SageMaker's read-only operations by name, over any searcher: bytes in, bytes out. Knows no HTTP."""

from __future__ import annotations

from smsearch.errors import ServiceError
from smsearch.service.fresh import FreshService, Keeping
from smsearch.service.service import Service

__all__ = ["FreshService", "Keeping", "Service", "ServiceError"]
