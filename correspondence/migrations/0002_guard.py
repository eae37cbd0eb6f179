"""A number, once given, stands: it is not changed, not given again, none is left out; no letter or memo is deleted."""

from django.db import migrations

from authority.append_only import append_only

# Errors are check violations (23514): Django raises IntegrityError.
NUMBERS = """
CREATE FUNCTION correspondence_number_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.serial IS NOT NULL THEN
        IF (NEW.direction, NEW.office_id, NEW.year, NEW.serial, NEW.registered_on)
           IS DISTINCT FROM (OLD.direction, OLD.office_id, OLD.year, OLD.serial, OLD.registered_on) THEN
            RAISE EXCEPTION 'the number of a letter is never changed' USING ERRCODE = 'check_violation';
        END IF;
        IF OLD.state = 'CANCELLED' AND NEW.state <> 'CANCELLED' THEN
            RAISE EXCEPTION 'a cancelled letter stays cancelled' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.serial > 1 AND NOT EXISTS (
        SELECT FROM correspondence_letter l WHERE l.office_id = NEW.office_id AND l.direction = NEW.direction
            AND l.year = NEW.year AND l.serial = NEW.serial - 1
    ) THEN
        RAISE EXCEPTION 'no number of a register is left out' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER correspondence_number_stands BEFORE INSERT OR UPDATE ON correspondence_letter
    FOR EACH ROW EXECUTE FUNCTION correspondence_number_stands();
"""
UNDO = """
DROP TRIGGER IF EXISTS correspondence_number_stands ON correspondence_letter;
DROP FUNCTION IF EXISTS correspondence_number_stands();
"""
KEPT = ("letter", "lettercase", "letterparcel", "enclosure", "memo")


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_letters")]

    operations = [
        append_only("correspondence_letterevent"),
        append_only("correspondence_memoversion"),
        migrations.RunSQL(NUMBERS, UNDO),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER correspondence_{name}_is_kept BEFORE DELETE ON correspondence_{name} "
                "FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change()",
                f"DROP TRIGGER IF EXISTS correspondence_{name}_is_kept ON correspondence_{name}",
            )
            for name in KEPT
        ),
    ]
