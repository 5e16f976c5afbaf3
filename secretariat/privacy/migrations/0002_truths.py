from django.db import migrations

from secretariat.core.rls import PracticeIsolation, SamePractice

CHAIN = """
CREATE FUNCTION privacy_chain_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    -- One writer at a time in a practice's book, until commit.
    PERFORM pg_advisory_xact_lock(7301, NEW.practice_id::int);
    SELECT number, digest INTO last FROM privacy_entry
        WHERE practice_id = NEW.practice_id ORDER BY number DESC LIMIT 1;
    NEW.number := COALESCE(last.number, 0) + 1;
    NEW.previous := COALESCE(last.digest, '');
    NEW.digest := encode(sha256(convert_to(
        NEW.previous || '|' || NEW.practice_id || '|' || NEW.number || '|' ||
        (extract(epoch FROM NEW.at) * 1000000)::bigint || '|' || COALESCE(NEW.staff_id, 0) || '|' ||
        NEW.by_name || '|' || NEW.verb || '|' || NEW.subject_kind || '|' || COALESCE(NEW.subject_id, 0) || '|' ||
        COALESCE(NEW.patient_id, 0) || '|' || NEW.detail, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_chained BEFORE INSERT ON privacy_entry
    FOR EACH ROW EXECUTE FUNCTION privacy_chain_entry();

CREATE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Le journal ne se modifie pas (%).', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE ON privacy_entry
    FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER entry_table_stays BEFORE TRUNCATE ON privacy_entry
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER access_stays BEFORE UPDATE OR DELETE ON privacy_access
    FOR EACH ROW EXECUTE FUNCTION privacy_refuse_change();
CREATE TRIGGER access_table_stays BEFORE TRUNCATE ON privacy_access
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_refuse_change();
"""
UNCHAIN = """
DROP TRIGGER access_table_stays ON privacy_access; DROP TRIGGER access_stays ON privacy_access;
DROP TRIGGER entry_table_stays ON privacy_entry; DROP TRIGGER entry_stays ON privacy_entry;
DROP TRIGGER entry_is_chained ON privacy_entry;
DROP FUNCTION privacy_refuse_change(); DROP FUNCTION privacy_chain_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("practice", "0002_truths")]
    operations = [
        PracticeIsolation("privacy_entry"),
        PracticeIsolation("privacy_access"),
        SamePractice("privacy_entry", "staff_id", "practice_staff"),
        SamePractice("privacy_access", "staff_id", "practice_staff"),
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
