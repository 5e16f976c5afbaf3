"""Each practice keeps its own rules, rooms, holds and groups; none points to another's."""

from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice

TABLES = [
    "hold", "locumlimit", "openingreason", "protocol", "protocolstep", "quota", "quotareason",
    "ranking", "reasonneed", "replacement", "resource", "resourceuse", "travel", "visitgroup",
]  # fmt: skip
POINTED_AT = ["openingrule", "protocol", "quota", "replacement", "resource", "visitgroup"]
POINTERS = [
    ("appointment", "group_id", "agenda_visitgroup"),
    ("hold", "agenda_id", "agenda_agenda"),
    ("hold", "staff_id", "practice_staff"),
    ("locumlimit", "replacement_id", "agenda_replacement"),
    ("locumlimit", "reason_id", "agenda_visitreason"),
    ("openingreason", "rule_id", "agenda_openingrule"),
    ("openingreason", "reason_id", "agenda_visitreason"),
    ("protocolstep", "protocol_id", "agenda_protocol"),
    ("protocolstep", "reason_id", "agenda_visitreason"),
    ("quota", "agenda_id", "agenda_agenda"),
    ("quota", "author_id", "practice_staff"),
    ("quotareason", "quota_id", "agenda_quota"),
    ("quotareason", "reason_id", "agenda_visitreason"),
    ("ranking", "author_id", "practice_staff"),
    ("reasonneed", "reason_id", "agenda_visitreason"),
    ("reasonneed", "resource_id", "agenda_resource"),
    ("replacement", "agenda_id", "agenda_agenda"),
    ("replacement", "practitioner_id", "practice_practitioner"),
    ("replacement", "author_id", "practice_staff"),
    ("replacement", "cancelled_by_id", "practice_staff"),
    ("resource", "site_id", "practice_site"),
    ("resourceuse", "appointment_id", "agenda_appointment"),
    ("resourceuse", "resource_id", "agenda_resource"),
    ("travel", "site_id", "practice_site"),
    ("travel", "other_id", "practice_site"),
    ("visitgroup", "created_by_id", "practice_staff"),
]


class Migration(migrations.Migration):
    dependencies = [("agenda", "0006_engine"), ("practice", "0003_school_zone")]
    operations = [
        *(PracticeIsolation(f"agenda_{table}") for table in TABLES),
        *(PracticeKey(f"agenda_{table}") for table in POINTED_AT),
        *(SamePractice(f"agenda_{table}", column, target) for table, column, target in POINTERS),
    ]
