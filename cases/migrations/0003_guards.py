"""The database refuses every change of a case's state that is no row of its workflow's table."""

from django.db import migrations

from authority.append_only import append_only

# Errors are check violations (23514): Django raises IntegrityError.
STEPS_ARE_THE_OWNERS = """
CREATE FUNCTION cases_steps_are_the_owners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RAISE EXCEPTION 'workflow steps change only with the program' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER cases_steps_are_the_owners BEFORE INSERT OR UPDATE OR DELETE ON cases_workflowstep
    FOR EACH ROW EXECUTE FUNCTION cases_steps_are_the_owners();
"""

# A case begins where its workflow begins, and only as far.
OPENING = """
CREATE FUNCTION cases_guard_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.paused_from <> '' OR NEW.closed_at IS NOT NULL OR NEW.row_version <> 1 OR NOT EXISTS (
        SELECT FROM cases_workflowstep s
        WHERE s.workflow = NEW.kind AND s.version = NEW.workflow_version AND s.source = '' AND s.target = NEW.state
    ) THEN
        RAISE EXCEPTION 'a case of kind % does not begin in %', NEW.kind, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_guard_opening BEFORE INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_guard_opening();
"""

# `amlak.act` is set for the transaction by cases.services.perform: the act by which the case moves.
MOVE = """
CREATE FUNCTION cases_guard_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    doing text := coalesce(current_setting('amlak.act', true), '');
    step cases_workflowstep;
    was_paused boolean;
BEGIN
    IF (NEW.id, NEW.kind, NEW.workflow_version, NEW.governorate, NEW.number, NEW.opened_by_id)
       IS DISTINCT FROM (OLD.id, OLD.kind, OLD.workflow_version, OLD.governorate, OLD.number, OLD.opened_by_id) THEN
        RAISE EXCEPTION 'what a case is never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = OLD.state THEN
        IF NEW.paused_from <> OLD.paused_from OR NEW.row_version < OLD.row_version THEN
            RAISE EXCEPTION 'only an act moves a case' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT s.* INTO step FROM cases_workflowstep s
    WHERE s.workflow = OLD.kind AND s.version = OLD.workflow_version AND s.act = doing
      AND s.source = OLD.state
      AND (s.target = NEW.state OR s.target = '<return>' AND OLD.paused_from = NEW.state AND OLD.paused_from <> '');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no act % leads from % to %', doing, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    was_paused := OLD.paused_from <> '';
    IF NEW.paused_from <> (CASE WHEN NOT step.pauses THEN '' WHEN was_paused THEN OLD.paused_from ELSE OLD.state END)
       OR NEW.row_version <> OLD.row_version + 1 THEN
        RAISE EXCEPTION 'the case does not remember where it was' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_guard_move BEFORE UPDATE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_guard_move();
"""

# At commit every state has the event that led to it.
WITH_ITS_EVENT = """
CREATE FUNCTION cases_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END;
BEGIN
    IF NOT EXISTS (
        SELECT FROM cases_event e WHERE e.case_id = NEW.id AND e.row_version = NEW.row_version
            AND e.source = before AND e.target = NEW.state
    ) THEN
        RAISE EXCEPTION 'case % moved from % to % without its event', NEW.id, before, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER cases_guard_event_of_opening AFTER INSERT ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_guard_event();
CREATE CONSTRAINT TRIGGER cases_guard_event_of_move AFTER UPDATE ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION cases_guard_event();
"""

# An event is a row of the table, done in a role that may, by someone who did not do what excludes him (maker ≠ checker).
EVENT = """
CREATE FUNCTION cases_guard_new_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file cases_case;
    step cases_workflowstep;
BEGIN
    SELECT c.* INTO STRICT file FROM cases_case c WHERE c.id = NEW.case_id;
    SELECT s.* INTO step FROM cases_workflowstep s
    WHERE s.workflow = file.kind AND s.version = file.workflow_version AND s.act = NEW.act AND s.source = NEW.source
      AND (s.target = NEW.target OR s.target = '<return>' OR s.target = '<stay>' AND NEW.source = NEW.target);
    IF NOT FOUND OR NOT NEW.role = ANY (step.roles)
       OR file.state <> NEW.target OR file.row_version <> NEW.row_version THEN
        RAISE EXCEPTION 'event % is not what happened to case %', NEW.act, NEW.case_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM cases_event e WHERE e.case_id = NEW.case_id AND e.by_id = NEW.by_id
               AND e.act = ANY (step.not_after)) THEN
        RAISE EXCEPTION 'the maker of case % may not check it', NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_guard_new_event BEFORE INSERT ON cases_event
    FOR EACH ROW EXECUTE FUNCTION cases_guard_new_event();
"""

NEVER_DELETED = """
CREATE TRIGGER cases_case_is_never_deleted BEFORE DELETE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change();
"""

UNDO = """
DROP TRIGGER cases_case_is_never_deleted ON cases_case;
DROP TRIGGER cases_guard_new_event ON cases_event;
DROP TRIGGER cases_guard_event_of_move ON cases_case;
DROP TRIGGER cases_guard_event_of_opening ON cases_case;
DROP TRIGGER cases_guard_move ON cases_case;
DROP TRIGGER cases_guard_opening ON cases_case;
DROP TRIGGER cases_steps_are_the_owners ON cases_workflowstep;
DROP FUNCTION cases_guard_new_event(), cases_guard_event(), cases_guard_move(), cases_guard_opening(),
    cases_steps_are_the_owners();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_docket"), ("authority", "0002_append_only_audit")]

    operations = [
        migrations.RunSQL(
            STEPS_ARE_THE_OWNERS + OPENING + MOVE + WITH_ITS_EVENT + EVENT + NEVER_DELETED,
            UNDO,
        ),
        append_only("cases_event"),
    ]
