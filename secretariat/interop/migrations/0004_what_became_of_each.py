import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0004_at_most_a_day"),
        ("interop", "0003_truths"),
        ("practice", "0002_truths"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("appointment_id", models.BigIntegerField(blank=True, null=True)),
                ("absence_id", models.BigIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="importfile",
            name="changed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importfile",
            name="incomplete",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importfile",
            name="remarks",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="importfile",
            name="size",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importline",
            name="key",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="importline",
            name="patient_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="importfile",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "À préparer"),
                    ("ready", "Prêt"),
                    ("waiting", "En attente"),
                    ("done", "Importé"),
                    ("refused", "Mis de côté"),
                ],
                default="reading",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="importfile",
            name="stored_as",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="importline",
            name="kind",
            field=models.CharField(
                choices=[
                    ("error", "Non importée"),
                    ("incomplete", "Incomplète"),
                    ("duplicate", "Doublon probable"),
                    ("unmatched", "Patient à reconnaître"),
                    ("overlap", "Chevauchement"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="importline",
            index=models.Index(
                condition=models.Q(("key", ""), _negated=True),
                fields=["practice", "key"],
                name="import_line_by_key",
            ),
        ),
        migrations.AddIndex(
            model_name="importline",
            index=models.Index(
                condition=models.Q(
                    ("decided_at__isnull", True), ("kind__in", ["duplicate", "unmatched"])
                ),
                fields=["practice", "kind"],
                name="import_line_waiting",
            ),
        ),
        migrations.AddField(
            model_name="importedevent",
            name="agenda",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agenda.agenda"
            ),
        ),
        migrations.AddField(
            model_name="importedevent",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.practice",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedevent",
            constraint=models.UniqueConstraint(
                fields=("practice", "agenda", "key"), name="event_imported_once"
            ),
        ),
    ]
