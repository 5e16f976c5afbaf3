from django.urls import path

from secretariat.interop.views import (
    fhir_appointments,
    fhir_directory,
    fhir_patients,
    fhir_server,
    fhir_slots,
)

app_name = "fhir"
urlpatterns = [
    path("metadata", fhir_server.metadata, name="metadata"),
    path("openapi.json", fhir_server.description, name="openapi"),
    path("Patient", fhir_patients.search, name="patients"),
    path("Patient/<str:key>", fhir_patients.one, name="patient"),
    path("Slot", fhir_slots.search, name="slots"),
    path("Slot/<str:key>", fhir_slots.one, name="slot"),
    path("Appointment", fhir_appointments.appointments, name="appointments"),
    path("Appointment/<str:key>", fhir_appointments.appointment, name="appointment"),
    *(
        address
        for kind in (
            "Practitioner",
            "PractitionerRole",
            "HealthcareService",
            "Location",
            "Schedule",
        )
        for address in (
            path(kind, fhir_directory.listed, {"kind": kind}, name=f"{kind.lower()}s"),
            path(f"{kind}/<str:key>", fhir_directory.one, {"kind": kind}, name=kind.lower()),
        )
    ),
    path("<path:rest>", fhir_directory.nothing, name="nothing"),
]
