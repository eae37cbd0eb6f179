"""No removal order against a valid tenure, an open claim to title, or on a measurement for triage: held by the database.

The same rules are guards in `encroachments.guards`; a test holds the two lists of kinds and states together.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION encroachments_guard_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Africa/Cairo')::date;
    day date := coalesce(nullif(current_setting('amlak.day', true), '')::date, today);
    land uuid := coalesce(NEW.parcel_id, (SELECT a.parcel_id FROM parcels_asset a WHERE a.id = NEW.asset_id));
BEGIN
    IF EXISTS (
        SELECT FROM parcels_holding h
        WHERE h.in_book AND (h.parcel_id = land OR h.asset_id = NEW.asset_id)
          AND (h.legal_range @> today OR h.legal_range @> day)
          AND h.kind IN ('LEASE', 'USUFRUCT', 'USE_LICENCE', 'LEASE_TO_OWN', 'ALLOCATION', 'SALE_INSTALLMENTS', 'SALE')
    ) THEN
        RAISE EXCEPTION 'valid_tenure: a valid tenure stands on the land of case %', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM parcels_holding h
        WHERE h.in_book AND (h.parcel_id = land OR h.asset_id = NEW.asset_id) AND h.kind = 'DISPUTE'
          AND (h.legal_range @> today OR h.legal_range @> day) AND h.case_id IS DISTINCT FROM NEW.id
    ) OR EXISTS (
        SELECT FROM cases_case c
        WHERE c.kind = 'encroachment' AND c.id <> NEW.id AND c.state IN ('TITLE_REVIEW', 'IN_COURT')
          AND (c.parcel_id = land OR c.asset_id = NEW.asset_id)
    ) THEN
        RAISE EXCEPTION 'title_claim_open: a claim to title is open on the land of case %', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'ORDER_ISSUED' AND NOT EXISTS (
        SELECT FROM encroachments_encroachment e
        WHERE e.case_id = NEW.id AND e.method IN ('GNSS_RTK', 'TOTAL_STATION')
          AND e.legal_basis IN ('L43_1979_26', 'L168_2025_2', 'L119_2008_60', 'L53_1966')
    ) THEN
        RAISE EXCEPTION 'measurement_for_triage: an order takes a surveyor''s measurement and one legal basis'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER encroachments_guard_order BEFORE UPDATE ON cases_case
    FOR EACH ROW WHEN (
        NEW.kind = 'encroachment' AND NEW.state IS DISTINCT FROM OLD.state
        AND NEW.state IN ('ORDER_DRAFTED', 'ORDER_ISSUED', 'NOTIFIED', 'REMOVED')
    ) EXECUTE FUNCTION encroachments_guard_order();
"""

UNDO = """
DROP TRIGGER encroachments_guard_order ON cases_case;
DROP FUNCTION encroachments_guard_order();
"""


class Migration(migrations.Migration):
    dependencies = [("encroachments", "0002_measurement"), ("cases", "0003_guards"), ("parcels", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
