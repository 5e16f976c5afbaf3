"""The day book, chained by the database, and the register of opened files."""

from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="Entry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("number", models.BigIntegerField(default=0)),
            ("at", models.DateTimeField()),
            (
                "staff",
                models.ForeignKey(
                    db_constraint=False, db_index=False, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff"
                ),
            ),
            ("by_name", models.CharField(max_length=80)),
            ("verb", models.CharField(max_length=60)),
            ("subject_kind", models.CharField(blank=True, max_length=40)),
            ("subject_id", models.BigIntegerField(null=True)),
            ("patient_id", models.BigIntegerField(null=True)),
            ("detail", models.TextField(blank=True, default="{}")),
            ("previous", models.CharField(blank=True, default="", max_length=64)),
            ("digest", models.CharField(blank=True, default="", max_length=64)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "patient_id", "number"], name="privacy_ent_practic_8050f9_idx"),
                models.Index(fields=["practice", "subject_kind", "subject_id"], name="privacy_ent_practic_9b52d8_idx"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("practice", "number"), name="entry_number_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Access",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("at", models.DateTimeField()),
            ("staff", models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("by_name", models.CharField(max_length=80)),
            ("patient_id", models.BigIntegerField(null=True)),
            ("screen", models.CharField(max_length=120)),
            ("denied", models.BooleanField(default=False)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "patient_id", "-at"], name="privacy_acc_practic_b81362_idx"),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("denied", True), ("patient_id__isnull", False), _connector="OR"), name="access_names_a_patient"
                ),
            ],
        },
    ),
]
# fmt: on

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

# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = ["0002_truths", "0003_one_key_a_column"]


class Migration(migrations.Migration):
    initial = True
    replaces = [("privacy", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        PracticeIsolation("privacy_entry"),
        PracticeIsolation("privacy_access"),
        SamePractice("privacy_entry", "staff_id", "practice_staff"),
        SamePractice("privacy_access", "staff_id", "practice_staff"),
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
