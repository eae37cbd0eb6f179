"""Every write of the room: handing in, answering, deciding; and the steps that jobs take."""

from surveys.services.answering import answer
from surveys.services.deciding import accept, return_submission, withdraw
from surveys.services.performing import perform
from surveys.services.receiving import receive

__all__ = ["accept", "answer", "perform", "receive", "return_submission", "withdraw"]
