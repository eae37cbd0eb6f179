"""The database's own guard: who submitted never changes, and what is decided stays decided."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION surveys_guard_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.submitted_by_id, NEW.submitted_at, NEW.file_id)
       IS DISTINCT FROM (OLD.submitted_by_id, OLD.submitted_at, OLD.file_id)
       OR (NEW.governorate, NEW.number) IS DISTINCT FROM (OLD.governorate, OLD.number)
          AND (OLD.place_given OR OLD.state <> 'READING') THEN
        RAISE EXCEPTION 'what was submitted, by whom and when does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('ACCEPTED', 'RETURNED', 'REFUSED', 'WITHDRAWN') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'submission % is decided', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'ACCEPTED' AND OLD.state <> 'ACCEPTING' THEN
        RAISE EXCEPTION 'submission % was not being accepted', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'ACCEPTING' AND OLD.state <> 'REPORTED' AND OLD.state <> 'ACCEPTING' THEN
        RAISE EXCEPTION 'submission % has no report', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON surveys_submission
    FOR EACH ROW EXECUTE FUNCTION surveys_guard_submission();
CREATE FUNCTION surveys_guard_new_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state NOT IN ('RECEIVED', 'READING') OR NEW.decided_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'a submission begins undecided' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_new BEFORE INSERT ON surveys_submission
    FOR EACH ROW EXECUTE FUNCTION surveys_guard_new_submission();
"""
BACKWARD = """
DROP TRIGGER guard_new ON surveys_submission;
DROP TRIGGER guard ON surveys_submission;
DROP FUNCTION surveys_guard_new_submission();
DROP FUNCTION surveys_guard_submission();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_decisions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
