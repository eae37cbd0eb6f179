"""Commands say a refusal in one line."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from authority.commands import RefusingCommand
from authority.refusal import Conflict


class Refused(RefusingCommand):
    """A command that is refused."""

    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        raise Conflict("already_leased", "%(parcel)s is leased", parcel="12/3")


class Broken(Refused):
    """A command with a fault."""

    def handle(self, *args: object, **options: object) -> None:
        raise ZeroDivisionError


def test_a_refusal_is_one_line_and_ends_with_one() -> None:
    with pytest.raises(CommandError, match=r"^12/3 is leased \(already_leased\)$") as raised:
        call_command(Refused())
    assert raised.value.returncode == 1


def test_a_fault_of_the_program_keeps_its_trace() -> None:
    with pytest.raises(ZeroDivisionError):
        call_command(Broken())
