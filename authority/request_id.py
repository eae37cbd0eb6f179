"""The number of the request that runs: the same in the audit, in the log and in the answer's header."""

from __future__ import annotations

import uuid
from contextvars import ContextVar

current: ContextVar[uuid.UUID | None] = ContextVar("request_id", default=None)
