"""What the migrations make is what the models say, and each room has one last migration."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_models_and_migrations_agree(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", "--check", "--dry-run", no_color=True)
    except SystemExit:
        pytest.fail(f"Lacking: secretariat django makemigrations\n{capsys.readouterr().out}")
