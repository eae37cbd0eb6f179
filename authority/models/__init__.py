"""Tables of authority: people and their rights, sessions, the audit trail."""

from authority.models.entry import (
    Recovery,
    UserSession,
)
from authority.models.keeping import AccessReview, PreparedChange
from authority.models.mandates import Absence, Delegation
from authority.models.people import (
    ApiKey,
    Bucket,
    Custodian,
    Office,
    Place,
    Role,
    RoleHolding,
    User,
    UserManager,
    in_language,
)
from authority.models.trail import (
    AuditCheck,
    AuditEvent,
    AuditLink,
    AuditRedaction,
    SignedHead,
    SigningKey,
    TrainingMark,
)

__all__ = [
    "Absence",
    "AccessReview",
    "ApiKey",
    "AuditCheck",
    "AuditEvent",
    "AuditLink",
    "AuditRedaction",
    "Bucket",
    "Custodian",
    "Delegation",
    "Office",
    "Place",
    "PreparedChange",
    "Recovery",
    "Role",
    "RoleHolding",
    "SignedHead",
    "SigningKey",
    "TrainingMark",
    "User",
    "UserManager",
    "UserSession",
    "in_language",
]
