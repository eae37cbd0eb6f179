"""The table `cases_workflowstep` says to the database what the tables of the program say: written after a migration."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from cases import registry
from cases.models import WorkflowStep
from cases.workflow import Workflow


def rows_of(table: Workflow) -> list[WorkflowStep]:
    """The steps of a table as the database's rows."""
    pauses = {state.name for state in table.states if state.pause}
    return [
        WorkflowStep(
            workflow=table.name,
            version=table.version,
            act=act.name,
            source=old,
            target=new,
            pauses=new in pauses,
            roles=list(act.by),
            not_after=sorted(act.not_after),
        )
        for act, old, new in table.steps()
    ]


def sync(using: str = "default") -> int:
    """Write the steps of every table in force; only the tables' owner may. Returns the number of steps."""
    count = 0
    with transaction.atomic(using=using):
        for table in registry.tables():
            WorkflowStep.objects.using(using).filter(workflow=table.name, version=table.version).delete()
            count += len(WorkflowStep.objects.using(using).bulk_create(rows_of(table)))
    return count


# Whether the table is as this program knows it (an older migration may be running), and whether it is ours to write.
READY = """
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'roles')
   AND pg_has_role(current_user, c.relowner, 'MEMBER')
FROM pg_class c WHERE c.oid = to_regclass('cases_workflowstep')
"""


def sync_after_migrate(using: str = "default", **_: Any) -> None:
    """Keep the steps in line with the program after each migration by the owner."""
    with connections[using].cursor() as cursor:
        cursor.execute(READY)
        row = cursor.fetchone()
    if row and row[0]:
        sync(using)
