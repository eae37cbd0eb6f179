"""The land book is held by the database: rows are closed once, never overwritten; boundaries are sound and in Egypt."""

from django.db import migrations, models

ONLY_CLOSED_ONCE = """
CREATE FUNCTION parcels_only_closed_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'nothing of the land book is deleted (%)', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Close the row and add another.';
    END IF;
    IF NOT upper_inf(OLD.recorded_range) THEN
        RAISE EXCEPTION 'this row of % was closed before and is history', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    kept := NEW;
    kept.recorded_range := OLD.recorded_range;
    kept.in_book := OLD.in_book;
    IF TG_TABLE_NAME = 'parcels_parcelversion' THEN
        kept.geom_3857 := OLD.geom_3857;
    END IF;
    IF kept *<> OLD
        OR isempty(NEW.recorded_range)
        OR upper_inf(NEW.recorded_range)
        OR lower(NEW.recorded_range) IS DISTINCT FROM lower(OLD.recorded_range) THEN
        RAISE EXCEPTION 'facts of % are not overwritten: only the end of recorded_range may be set, once', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Close the row and add another.';
    END IF;
    RETURN NEW;
END
$$
"""


def closed_once(table: str) -> migrations.RunSQL:
    """Return the operation that lets a table's rows only be closed."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_is_only_closed_once BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION parcels_only_closed_once()",
        f"DROP TRIGGER IF EXISTS {table}_is_only_closed_once ON {table}",
    )


def check(table: str, name: str, condition: str) -> migrations.RunSQL:
    """Return the operation that adds a CHECK which the ORM cannot say."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


EGYPT = "ST_MakeEnvelope(24, 21.5, 37.5, 32.5, 4326)"  # degrees; no rule on northing: it is negative at Abu Simbel


def sound(column: str) -> str:
    """Return the condition that a geometry is valid, not empty and in Egypt."""
    return f"{column} IS NULL OR ({column} @ {EGYPT} AND NOT ST_IsEmpty({column}) AND ST_IsValid({column}))"


RANGES = "NOT isempty(legal_range) AND NOT lower_inf(legal_range) AND NOT isempty(recorded_range) AND NOT lower_inf(recorded_range)"


class Migration(migrations.Migration):
    dependencies = [("parcels", "0001_initial"), ("authority", "0002_append_only_audit")]

    operations = [
        migrations.AddField("parcel", "closed_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(ONLY_CLOSED_ONCE, "DROP FUNCTION IF EXISTS parcels_only_closed_once()"),
        closed_once("parcels_parcelversion"),
        closed_once("parcels_holding"),
        check("parcels_parcelversion", "version_ranges_are_real", RANGES),
        check("parcels_holding", "holding_ranges_are_real", RANGES),
        check("parcels_parcelversion", "version_geom_is_sound", sound("geom")),
        check("parcels_holding", "holding_part_is_sound", sound("part")),
        check("parcels_asset", "asset_geom_is_sound", sound("geom")),
        check("parcels_parcelversion", "version_has_number", "btrim(parcel_no_norm) <> ''"),
        check(
            "parcels_parcelversion",
            "version_names_its_transformation",
            "geom IS NULL OR source_crs IN ('', 'EPSG:4326', 'OGC:CRS84') OR transform_op <> ''",
        ),
        check("parcels_parcelversion", "version_source_is_whole", "(source_geom IS NULL) = (source_crs = '')"),
        check("parcels_lineage", "lineage_is_of_two", "predecessor_id <> successor_id"),
    ]
