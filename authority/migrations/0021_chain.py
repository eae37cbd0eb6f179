"""The database chains every audit event when its transaction commits; what stood before is chained from the first.

The SQL is frozen here: form 1 of the chain. `authority.chain.form` says the same for whoever verifies, and a test
holds the two together.
"""

from django.db import migrations, transaction

BATCH = 20_000

# One link: computed from the event alone, its number and the hash before it. Only the owner's functions call it.
LINK = """
CREATE FUNCTION authority_link(e public.authority_auditevent, number bigint, before bytea) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    salt uuid := gen_random_uuid();
    inner_digest bytea := sha256(convert_to(salt::text || E'\\n' || e.detail::text, 'UTF8'));
    outer_digest bytea := sha256(convert_to(jsonb_build_array(
        'amlak-audit-1', e.governorate, number, e.id,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        e.actor_id, e.action, e.object_type, e.object_id, e.request_id, encode(inner_digest, 'hex'))::text, 'UTF8'));
    made bytea := sha256(before || outer_digest);
BEGIN
    INSERT INTO public.authority_auditlink
        (event_id, chain, seq, form, salt, detail_digest, digest, prev_hash, hash)
        VALUES (e.id, e.governorate, number, 1, salt, inner_digest, outer_digest, before, made);
    RETURN made;
END
$$
"""

# Links the given events behind the last of one chain; the caller holds the chain's lock.
LINK_ALL = """
CREATE FUNCTION authority_link_all(which text, ids bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    e public.authority_auditevent;
    last_seq bigint;
    last_hash bytea;
BEGIN
    SELECT seq, hash INTO last_seq, last_hash FROM public.authority_auditlink
     WHERE chain = which ORDER BY seq DESC LIMIT 1;
    last_seq := coalesce(last_seq, 0);
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    FOR e IN SELECT * FROM public.authority_auditevent WHERE id = ANY (ids) ORDER BY id LOOP
        last_seq := last_seq + 1;
        last_hash := authority_link(e, last_seq, last_hash);
    END LOOP;
END
$$
"""

# First round at commit: every event of the transaction is noted. The second round comes after all other checks that
# were put off (foreign keys): nothing is waited for any more while a chain is held.
ANNOUNCE = """
CREATE FUNCTION authority_audit_announce() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.authority_auditpending (event_id, chain) VALUES (NEW.id, NEW.governorate);
    RETURN NULL;
END
$$
"""
# Chains are held in the order of their names, so that two transactions never wait for each other.
CHAIN = """
CREATE FUNCTION authority_audit_chain() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c record;
BEGIN
    IF NOT EXISTS (SELECT FROM public.authority_auditpending WHERE event_id = NEW.event_id) THEN
        RETURN NULL;
    END IF;
    -- only this transaction's rows are seen; its first event has the lowest number, so that what others left and
    -- nobody has swept yet is not read again and again
    FOR c IN SELECT chain, array_agg(event_id) AS ids FROM public.authority_auditpending
              WHERE event_id >= NEW.event_id GROUP BY chain ORDER BY chain
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('audit chain ' || c.chain, 0));
        PERFORM authority_link_all(c.chain, c.ids);
    END LOOP;
    DELETE FROM public.authority_auditpending WHERE event_id >= NEW.event_id;
    RETURN NULL;
END
$$
"""
TABLE = """
CREATE UNLOGGED TABLE authority_auditpending (event_id bigint PRIMARY KEY, chain varchar(2) NOT NULL);
ALTER TABLE authority_auditpending SET (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
"""
# An event's detail may go by a recorded redaction alone: nothing else of the row changes, and only its owner may.
KEPT = """
CREATE FUNCTION authority_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'UPDATE' AND EXISTS (SELECT FROM public.authority_auditredaction WHERE event_id = OLD.id) THEN
        kept := NEW;
        kept.detail := OLD.detail;
        IF kept IS NOT DISTINCT FROM OLD AND NEW.detail = '{"redacted": true}'::jsonb THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Correct by adding a row.';
END
$$;
CREATE FUNCTION authority_link_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept record;
BEGIN
    IF TG_OP = 'UPDATE' AND EXISTS (SELECT FROM public.authority_auditredaction WHERE event_id = OLD.event_id) THEN
        kept := NEW;
        kept.salt := OLD.salt;
        IF kept IS NOT DISTINCT FROM OLD AND NEW.salt IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Correct by adding a row.';
END
$$;
DROP TRIGGER authority_auditevent_is_append_only ON authority_auditevent;
CREATE TRIGGER authority_auditevent_is_append_only BEFORE UPDATE OR DELETE ON authority_auditevent
    FOR EACH ROW EXECUTE FUNCTION authority_event_is_kept();
CREATE TRIGGER authority_auditlink_is_append_only BEFORE UPDATE OR DELETE ON authority_auditlink
    FOR EACH ROW EXECUTE FUNCTION authority_link_is_kept();
CREATE TRIGGER authority_auditlink_is_never_emptied BEFORE TRUNCATE ON authority_auditlink
    FOR EACH STATEMENT EXECUTE FUNCTION amlak_refuse_change();
"""
UNKEPT = """
DROP TRIGGER IF EXISTS authority_auditlink_is_never_emptied ON authority_auditlink;
DROP TRIGGER IF EXISTS authority_auditlink_is_append_only ON authority_auditlink;
DROP TRIGGER IF EXISTS authority_auditevent_is_append_only ON authority_auditevent;
CREATE TRIGGER authority_auditevent_is_append_only BEFORE UPDATE OR DELETE ON authority_auditevent
    FOR EACH ROW EXECUTE FUNCTION amlak_refuse_change();
DROP FUNCTION IF EXISTS authority_event_is_kept();
DROP FUNCTION IF EXISTS authority_link_is_kept();
"""
# Nobody calls them but the triggers: a function of the owner's is everybody's unless that is taken back.
NOBODYS = """
REVOKE ALL ON FUNCTION authority_link(public.authority_auditevent, bigint, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION authority_link_all(text, bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION authority_audit_announce() FROM PUBLIC;
REVOKE ALL ON FUNCTION authority_audit_chain() FROM PUBLIC;
"""
DROP = """
DROP FUNCTION IF EXISTS authority_audit_chain();
DROP FUNCTION IF EXISTS authority_audit_announce();
DROP FUNCTION IF EXISTS authority_link_all(text, bigint[]);
DROP FUNCTION IF EXISTS authority_link(public.authority_auditevent, bigint, bytea);
DROP TABLE IF EXISTS authority_auditpending;
"""
TRIGGERS = """
CREATE CONSTRAINT TRIGGER zz_announced AFTER INSERT ON authority_auditevent DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION authority_audit_announce();
CREATE CONSTRAINT TRIGGER zz_chained AFTER INSERT ON authority_auditpending DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION authority_audit_chain();
"""
UNTRIGGERS = """
DROP TRIGGER IF EXISTS zz_chained ON authority_auditpending;
DROP TRIGGER IF EXISTS zz_announced ON authority_auditevent;
"""
# The next events of the trail, in the order of their numbers, behind a number that was reached.
NEXT = "SELECT id, governorate FROM authority_auditevent WHERE id > %s ORDER BY id LIMIT %s"


def chain_batch(cursor, after):
    """Link the next batch; return the number reached, or None at the end."""
    cursor.execute(NEXT, [after, BATCH])
    found = cursor.fetchall()
    for chain in sorted({governorate for _, governorate in found}):
        ids = [number for number, governorate in found if governorate == chain]
        cursor.execute("SELECT authority_link_all(%s, %s)", [chain, ids])
    return found[-1][0] if found else None


def chain_what_stands(apps, schema_editor):
    """Chain in batches of their own while the site writes on; then the rest, and the triggers, with writers held."""
    connection = schema_editor.connection
    reached = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(event_id), 0) FROM authority_auditlink")
        reached = cursor.fetchone()[0]  # goes on where an interrupted run ended
        cursor.execute(
            "SELECT coalesce(max(id), 0) FROM authority_auditevent WHERE recorded_at < now() - interval '1 hour'"
        )
        quiet = cursor.fetchone()[0]  # below this number no transaction is still open
    while reached < quiet:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            reached = chain_batch(cursor, reached) or quiet
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE authority_auditevent IN SHARE ROW EXCLUSIVE MODE")
        while (after := chain_batch(cursor, reached)) is not None:
            reached = after
        cursor.execute(TRIGGERS)


def unchain(apps, schema_editor):
    """Take the triggers away."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(UNTRIGGERS)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("authority", "0020_chain_tables")]

    operations = [
        migrations.RunSQL(DROP + TABLE, DROP),
        migrations.RunSQL(LINK, migrations.RunSQL.noop),
        migrations.RunSQL(LINK_ALL, migrations.RunSQL.noop),
        migrations.RunSQL(ANNOUNCE, migrations.RunSQL.noop),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
        migrations.RunSQL(NOBODYS, migrations.RunSQL.noop),
        migrations.RunPython(chain_what_stands, unchain),
    ]
