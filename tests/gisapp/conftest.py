"""What several tests of the whole site stand on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.gisapp.house import House
from tests.gisapp.world import OWN, people, things_in


@pytest.fixture
def house(db: None, tmp_path: Path, settings: Any) -> House:
    settings.API_RATES = dict.fromkeys(("user", "key", "stranger"), "1000000/min")
    things = things_in(OWN, tmp_path)
    clients = {}
    for role, person in people().items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(person)
    return House(things, clients)
