"""Whatever is sent to /fhir, the server says what is wrong and does not break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from secretariat.agenda import actions as agenda
from secretariat.core import scope
from secretariat.interop.fhir import openapi
from secretariat.interop.tests.programs import Program
from secretariat.patients.actions import register
from secretariat.practice.models import Staff
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
EXAMPLES = 20
"""For each address and verb: the whole run stays within twenty seconds."""
FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asks(
    tilleuls: House, alice: Staff, program: Callable[..., Program]
) -> Iterator[Callable[..., Any]]:
    """Sends what schemathesis made up, with a good token; the scope of the test is kept."""
    secret = program(alice).secret
    patient = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Martin", given_names="Luc",
        birth_date=date(1990, 1, 2), sex="M",
    )  # fmt: skip
    visit = agenda.book(
        agenda=tilleuls.agenda("Lefèvre"), patient=patient, by=alice, at=NOW,
        reason=tilleuls.reasons["Consultation"], starts_at=NOW + timedelta(hours=1),
    )  # fmt: skip

    def send(case: Any, *, real: bool) -> Any:
        if real and case.path_parameters:
            case.path_parameters["id"] = visit.pk
        answer = case.call(headers={"Authorization": f"Bearer {secret}"})
        scope.apply([tilleuls.practice.pk])
        return answer

    # The test's transaction lives on its connection: no request may give it back.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield send
    for signal in signals:
        signal.connect(close_old_connections)
    with connection.cursor() as cursor:  # nothing left the connection broken
        cursor.execute("SELECT 1")


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(openapi.description("http://localhost/fhir"))
    schema.app = get_wsgi_application()
    found: Any = schema.get_all_operations()
    return [one.ok() for one in found]


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.label)
def test_no_request_breaks_the_server(operation: Any, asks: Callable[..., Any]) -> None:
    @seed(20261123)
    @FUZZED
    @given(data=st.data())
    def fuzz(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        answer = asks(case, real=data.draw(st.booleans()))
        assert answer.status_code < 500, case.as_curl_command()
        if answer.status_code >= 400 and answer.content:
            assert answer.json()["resourceType"] == "OperationOutcome"

    fuzz()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["reference", "coding", "system", "value", "actor"]), inner
        )
    ),
    max_leaves=6,
)
PIECES = (
    "status", "start", "end", "minutesDuration", "slot", "serviceType", "participant", "comment",
    "identifier", "cancelationReason", "id", "resourceType",
)  # fmt: skip


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_an_appointment_with_one_piece_gone_wrong_is_refused_or_kept(
    tilleuls: House, alice: Staff, program: Callable[..., Program], method: str
) -> None:
    asks = program(alice)
    patient = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Martin", given_names="Luc",
        birth_date=date(1990, 1, 2), sex="M",
    )  # fmt: skip
    references = [f"Patient/{patient.pk}", f"PractitionerRole/{tilleuls.agendas['Lefèvre'].pk}"]
    sound = {
        "resourceType": "Appointment", "status": "booked", "start": "2026-11-23T10:00:00+01:00",
        "minutesDuration": 15,
        "participant": [{"actor": {"reference": one}, "status": "accepted"} for one in references],
    }  # fmt: skip
    made = asks("POST", "Appointment", sound).json()
    path = "Appointment" if method == "POST" else f"Appointment/{made['id']}"
    kind = "application/merge-patch+json" if method == "PATCH" else "application/fhir+json"

    @seed(20261123)
    @settings(FUZZED, max_examples=60)
    @given(piece=st.sampled_from(PIECES), value=ANYTHING)
    def send(piece: str, value: Any) -> None:
        body = {piece: value} if method == "PATCH" else {**sound, piece: value}
        asks(method, path, body, kind)  # asserts: no 5xx, and valid FHIR

    send()
