"""A form sent twice does its work once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from secretariat.core import idempotency
from secretariat.core.models import FormToken
from secretariat.core.refusal import BadInput
from secretariat.core.tasks import KEPT, sweep
from tests.cast import NOW


@pytest.mark.django_db
def test_the_second_sending_gets_the_first_answer() -> None:
    token, done = str(uuid4()), []

    def work() -> str:
        done.append(1)
        return "rendez-vous 12"

    answers = [idempotency.once(token=token, user_id=1, at=NOW, work=work) for _ in range(2)]
    assert answers == [("rendez-vous 12", True), ("rendez-vous 12", False)]
    assert len(done) == 1


@pytest.mark.django_db
def test_a_refused_sending_can_be_tried_again_with_the_same_form() -> None:
    token = str(uuid4())

    def refuse() -> str:
        raise BadInput("non")

    with pytest.raises(BadInput):
        idempotency.once(token=token, user_id=1, at=NOW, work=refuse)
    assert idempotency.once(token=token, user_id=1, at=NOW, work=lambda: "oui") == ("oui", True)


@pytest.mark.django_db
def test_a_form_is_its_senders_own() -> None:
    token = str(uuid4())
    idempotency.once(token=token, user_id=1, at=NOW, work=lambda: "x")
    with pytest.raises(BadInput):
        idempotency.once(token=token, user_id=2, at=NOW, work=lambda: "y")
    with pytest.raises(BadInput):
        idempotency.once(token="abîmé", user_id=1, at=NOW, work=lambda: "y")


@pytest.mark.django_db
def test_the_night_forgets_old_forms_and_keeps_yesterdays() -> None:
    for age in (timedelta(hours=20), KEPT + timedelta(hours=1)):
        idempotency.once(token=str(uuid4()), user_id=1, at=NOW - age, work=lambda: "x")
    sweep(timestamp=int(NOW.timestamp()))
    assert FormToken.objects.count() == 1
