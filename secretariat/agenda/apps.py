from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "secretariat.agenda"
    label = "agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from secretariat.agenda import (
            announcements,
            document_panels,
            replan_notices,
            telling_panels,
            waiting_notices,
            waiting_panels,
        )
        from secretariat.agenda import panels as ours
        from secretariat.agenda.actions import recalls
        from secretariat.agenda.queries import documents
        from secretariat.core import panels
        from secretariat.notices import kinds
        from secretariat.notices import panels as notices_panels
        from secretariat.outbox import joined

        for kind in (*announcements.KINDS, *waiting_notices.KINDS, *replan_notices.KINDS):
            kinds.declare(kind)
        kinds.when_lost(waiting_notices.RECALL, recalls.message_lost)
        joined.fetched_by(documents.KIND, documents.contents)

        panels.hang("patients.row", ours.last_and_next)
        panels.hang("pulse", ours.times_held)
        panels.hang("patients.page", ours.patient_visits)
        panels.hang("patients.page", waiting_panels.patient_waits)
        # Visits are read first; what was said of them comes after.
        panels.hang("patients.page", notices_panels.patient_ledger)
        panels.hang("rail", waiting_panels.rail)
        panels.hang("agenda.appointment.sheet", document_panels.to_hand)
        panels.hang("agenda.appointment.sheet", telling_panels.visit_ledger)
        panels.hang("agenda.patient.warnings", telling_panels.not_writable)
        panels.hang("notices.example", telling_panels.example)
        panels.hang("notices.forbidden_words", telling_panels.reasons)
