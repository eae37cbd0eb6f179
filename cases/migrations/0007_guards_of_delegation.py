"""Who acts for another, who is one pair of eyes with him, and who is related to what the file names: held here too."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

# Errors are check violations (23514): Django raises IntegrityError.
RELATED = """
CREATE FUNCTION cases_related(who bigint, file cases_case) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM cases_interest i
        WHERE i.person_id = who AND i.ended_at IS NULL AND (
            i.case_id = file.id
            OR i.parcel_id = coalesce(file.parcel_id, (SELECT a.parcel_id FROM parcels_asset a WHERE a.id = file.asset_id))
            OR i.party_id = file.party_id
            OR EXISTS (SELECT FROM parties_party p WHERE p.id = i.party_id AND p.merged_into_id = file.party_id)
            OR EXISTS (SELECT FROM parties_party p WHERE p.id = file.party_id AND p.merged_into_id = i.party_id)
            OR EXISTS (SELECT FROM parties_membership m WHERE m.group_id = file.party_id AND m.member_id = i.party_id)))
$$;
CREATE FUNCTION cases_interest_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
       OR (NEW.id, NEW.person_id, NEW.party_id, NEW.parcel_id, NEW.case_id, NEW.relation, NEW.declared_by_id,
           NEW.declared_at)
          IS DISTINCT FROM (OLD.id, OLD.person_id, OLD.party_id, OLD.parcel_id, OLD.case_id, OLD.relation,
           OLD.declared_by_id, OLD.declared_at) THEN
        RAISE EXCEPTION 'a declared interest never changes: end it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cases_interest_said BEFORE UPDATE ON cases_interest
    FOR EACH ROW EXECUTE FUNCTION cases_interest_said();
CREATE TRIGGER cases_interest_is_never_deleted BEFORE DELETE ON cases_interest
    FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change();
"""

# The day of an act is its day in Egypt. `pair` holds for who did it and for whom it was done, on both sides.
NEW_EVENT = """
CREATE OR REPLACE FUNCTION cases_guard_new_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file cases_case;
    step cases_workflowstep;
    day date := (NEW.at AT TIME ZONE 'Africa/Cairo')::date;
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
    IF NEW.delegation_id IS NOT NULL AND NOT (
        authority_lends(NEW.delegation_id, NEW.on_behalf_of_id, NEW.by_id, NEW.role, day)
        AND EXISTS (SELECT FROM authority_delegation d WHERE d.id = NEW.delegation_id
                    AND (cardinality(d.files) = 0 OR file.kind = ANY (d.files)))
    ) THEN
        RAISE EXCEPTION 'no delegation lends % for case %', NEW.role, NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM cases_event e WHERE e.case_id = NEW.case_id AND e.act = ANY (step.not_after) AND (
        authority_one_pair(e.by_id, NEW.by_id, day)
        OR e.on_behalf_of_id IS NOT NULL AND authority_one_pair(e.on_behalf_of_id, NEW.by_id, day))
    ) THEN
        RAISE EXCEPTION 'the maker of case % may not check it', NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
    IF cases_related(NEW.by_id, file)
       OR NEW.on_behalf_of_id IS NOT NULL AND cases_related(NEW.on_behalf_of_id, file) THEN
        RAISE EXCEPTION 'who acts is related to what case % names', NEW.case_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
"""

BEFORE = """
CREATE OR REPLACE FUNCTION cases_guard_new_event() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER cases_interest_is_never_deleted ON cases_interest;
DROP TRIGGER cases_interest_said ON cases_interest;
DROP FUNCTION cases_interest_said();
DROP FUNCTION cases_related(bigint, cases_case);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_interest"), ("authority", "0025_delegations_guarded")]

    operations = [
        ValidateConstraint(model_name="event", name="act_for_another_names_its_paper"),
        migrations.RunSQL(RELATED + NEW_EVENT, BEFORE),
    ]
