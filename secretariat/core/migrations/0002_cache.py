from django.db import migrations


class Migration(migrations.Migration):
    """The shared cache (login counters), in the database so that every process counts together."""

    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """CREATE TABLE core_cache (
                cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
            CREATE INDEX core_cache_expires ON core_cache (expires);""",
            "DROP TABLE core_cache",
        )
    ]
