from django.db import migrations

from secretariat.core.rls import SamePractice


class Migration(migrations.Migration):
    dependencies = [("reception", "0003_call_sheet")]
    operations = [SamePractice("reception_call", "settled_by_id", "practice_staff")]
