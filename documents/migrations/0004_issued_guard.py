"""An issued paper is never changed: it is revoked, once."""

from django.db import migrations

GUARD = """
CREATE FUNCTION documents_issued_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'an issued paper is neither deleted nor changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    kept := NEW;
    kept.revoked_at := OLD.revoked_at;
    kept.revoked_by_id := OLD.revoked_by_id;
    kept.revocation_reason := OLD.revocation_reason;
    IF kept *<> OLD OR NEW.revoked_at IS NULL THEN
        RAISE EXCEPTION 'an issued paper is only revoked' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_issued_papers")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION IF EXISTS documents_issued_is_kept()"),
        migrations.RunSQL(
            "CREATE TRIGGER documents_issued_is_kept BEFORE UPDATE OR DELETE ON documents_issuedpaper "
            "FOR EACH ROW EXECUTE FUNCTION documents_issued_is_kept()",
            "DROP TRIGGER IF EXISTS documents_issued_is_kept ON documents_issuedpaper",
        ),
    ]
