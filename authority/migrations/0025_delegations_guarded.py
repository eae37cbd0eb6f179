"""What a delegation says never changes; and the database knows who is one pair of eyes on a day."""

from django.db import migrations

# Errors are check violations (23514): Django raises IntegrityError.
SAID = """
CREATE FUNCTION authority_delegation_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.kind, NEW.giver_id, NEW.delegate_id, NEW.role, NEW.office_id, NEW.files, NEW.starts_on,
        NEW.ends_on, NEW.decree, NEW.decreed_on, NEW.asked_by_id, NEW.asked_at)
       IS DISTINCT FROM (OLD.id, OLD.kind, OLD.giver_id, OLD.delegate_id, OLD.role, OLD.office_id, OLD.files,
        OLD.starts_on, OLD.ends_on, OLD.decree, OLD.decreed_on, OLD.asked_by_id, OLD.asked_at)
       OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_by_id, NEW.confirmed_at)
          IS DISTINCT FROM (OLD.confirmed_by_id, OLD.confirmed_at)
       OR OLD.closed_at IS NOT NULL AND (NEW.*) IS DISTINCT FROM (OLD.*) THEN
        RAISE EXCEPTION 'what a delegation says never changes: close it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER authority_delegation_said BEFORE UPDATE ON authority_delegation
    FOR EACH ROW EXECUTE FUNCTION authority_delegation_said();
CREATE TRIGGER authority_delegation_is_never_deleted BEFORE DELETE ON authority_delegation
    FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change();
CREATE TRIGGER authority_absence_is_never_deleted BEFORE DELETE ON authority_absence
    FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change();
"""

# A delegation binds while it is confirmed, within its days and up to the end of the day on which it is closed; a deputy
# only on days on which the giver is away. `authority.policies` says the same in its query.
BINDS = """
CREATE FUNCTION authority_delegation_binds(one authority_delegation, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT one.confirmed_at IS NOT NULL AND day BETWEEN one.starts_on AND one.ends_on
       AND (one.closed_on IS NULL OR one.closed_on >= day)
       AND (one.kind <> 'DEPUTY' OR EXISTS (
            SELECT FROM authority_absence a WHERE a.user_id = one.giver_id AND day BETWEEN a.starts_on AND a.ends_on
               AND (a.closed_on IS NULL OR a.closed_on > day)))
$$;
CREATE FUNCTION authority_one_pair(one bigint, other bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT one = other OR EXISTS (
        SELECT FROM authority_delegation d
        WHERE (d.giver_id = one AND d.delegate_id = other OR d.giver_id = other AND d.delegate_id = one)
          AND authority_delegation_binds(d, day))
$$;
CREATE FUNCTION authority_lends(delegation uuid, giver bigint, delegate bigint, lent text, day date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM authority_delegation d
        JOIN authority_roleholding h ON h.user_id = d.giver_id AND h.role = lent
        WHERE d.id = delegation AND d.giver_id = giver AND d.delegate_id = delegate
          AND authority_delegation_binds(d, day) AND (d.closed_on IS NULL OR d.closed_on > day)
          AND (d.role = '' OR d.role = lent) AND (d.office_id IS NULL OR d.office_id = h.office_id)
          AND h.starts_on <= day AND (h.ends_on IS NULL OR h.ends_on >= day))
$$;
"""

UNDO = """
DROP FUNCTION authority_lends(uuid, bigint, bigint, text, date);
DROP FUNCTION authority_one_pair(bigint, bigint, date);
DROP FUNCTION authority_delegation_binds(authority_delegation, date);
DROP TRIGGER authority_absence_is_never_deleted ON authority_absence;
DROP TRIGGER authority_delegation_is_never_deleted ON authority_delegation;
DROP TRIGGER authority_delegation_said ON authority_delegation;
DROP FUNCTION authority_delegation_said();
"""


class Migration(migrations.Migration):
    dependencies = [("authority", "0024_delegations"), ("authority", "0002_append_only_audit")]

    operations = [migrations.RunSQL(SAID + BINDS, UNDO)]
