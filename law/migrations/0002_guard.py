"""A rule in force is held by the database: its facts are never overwritten, its row is closed once, none is deleted."""

from django.db import migrations

GUARD = """
CREATE FUNCTION law_rule_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'no rule of law is deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state = 'PROPOSED' THEN
        IF NEW.params IS DISTINCT FROM OLD.params OR NEW.effective_range IS DISTINCT FROM OLD.effective_range
            OR NEW.code <> OLD.code OR NEW.regime <> OLD.regime OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id THEN
            RAISE EXCEPTION 'a proposal is decided as it was made' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state = 'IN_FORCE' AND NEW.decided_by_id IS NULL THEN
            RAISE EXCEPTION 'a second person puts a rule in force' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    kept := NEW;
    kept.recorded_range := OLD.recorded_range;
    kept.in_book := OLD.in_book;
    IF kept *<> OLD OR NOT upper_inf(OLD.recorded_range) OR upper_inf(NEW.recorded_range) OR isempty(NEW.recorded_range)
        OR lower(NEW.recorded_range) IS DISTINCT FROM lower(OLD.recorded_range) THEN
        RAISE EXCEPTION 'a decided rule is only closed, once' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("law", "0001_rules")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION IF EXISTS law_rule_is_kept()"),
        migrations.RunSQL(
            "CREATE TRIGGER law_rule_is_kept BEFORE UPDATE OR DELETE ON law_legalrule "
            "FOR EACH ROW EXECUTE FUNCTION law_rule_is_kept()",
            "DROP TRIGGER IF EXISTS law_rule_is_kept ON law_legalrule",
        ),
    ]
