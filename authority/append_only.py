"""Tables in which rows are only ever added: a trigger refuses even the tables' owner, who may slip.

In a migration: `operations = [append_only("cases_event")]`. The application's role is refused by its rights already
(`authority.grants.append_only`), and may not disable the trigger.
"""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION amlak_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Correct by adding a row.';
END
$$
"""


def append_only(table: str) -> migrations.RunSQL:
    """Return the operation that makes a table refuse UPDATE, DELETE and TRUNCATE."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change();
        CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION amlak_refuse_change();
        """,
        f"""
        DROP TRIGGER IF EXISTS {table}_is_append_only ON {table};
        DROP TRIGGER IF EXISTS {table}_is_never_emptied ON {table};
        """,
    )
