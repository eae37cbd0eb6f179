"""The application's database role."""

import pytest
from django.db import ProgrammingError, connection, transaction


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE authority_auditevent SET action = ''",
        "DELETE FROM authority_auditevent",
        "TRUNCATE authority_auditevent",
        "ALTER TABLE authority_auditevent DISABLE TRIGGER ALL",
    ],
)
def test_the_application_role_cannot_change_the_audit_trail(statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_tests_run_as_the_application_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("amlak_app",)
