"""Every write of the register of letters and of memos: one transaction each, audited."""

from correspondence.services.acts import (
    answer_otherwise,
    assign,
    cancel,
    correct,
    enclose,
    file_letter,
    link_letter,
    set_due,
)
from correspondence.services.incoming import register_incoming
from correspondence.services.memos import draft_memo, issue_memo, rewrite_memo, withdraw_memo
from correspondence.services.outgoing import draft_outgoing, redraft, sign, withdraw_draft
from correspondence.services.writing import NewFile

__all__ = [
    "NewFile", "answer_otherwise", "assign", "cancel", "correct", "draft_memo", "draft_outgoing", "enclose",
    "file_letter", "issue_memo", "link_letter", "redraft", "register_incoming", "rewrite_memo", "set_due", "sign",
    "withdraw_draft", "withdraw_memo",
]  # fmt: skip
