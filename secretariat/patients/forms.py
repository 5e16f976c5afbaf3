"""What is typed to register and correct a patient."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, cast

from django import forms

from secretariat.core.refusal import BadInput
from secretariat.patients import documents, naming, said
from secretariat.patients.actions.traits import Details, NewContactPoint, Traits, strict_columns
from secretariat.patients.labels import LABELS
from secretariat.patients.models import ContactPoint, Patient, RelatedPerson
from secretariat.patients.queries import find
from secretariat.patients.reaching import shown_phone, strict_email, strict_phone
from secretariat.patients.typed_date import read_date
from secretariat.practice.models import Practitioner

PRIVATE = {"class": "private", "autocomplete": "off"}


class DateTyped(forms.CharField):
    """A date as a secretary types it: 12/03/1985, 12031985, 12 mars 1985."""

    today: date

    def __init__(self, **options: Any) -> None:
        attrs = {**PRIVATE, "placeholder": "JJ/MM/AAAA"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=30, **options)

    def prepare_value(self, value: Any) -> Any:
        """A kept date, in the shape that one types."""
        return said.day(value) if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day was typed: « 12/3/85 » is the same day as « 12/03/1985 »."""
        typed = str(data or "").strip()
        return bool(initial != (read_date(typed, self.today) or typed or None))

    def clean(self, value: Any) -> Any:
        """The only date that this can be; None when nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        found = read_date(text, self.today)
        if found is None:
            raise forms.ValidationError(
                f"« {text} » n’est pas une date certaine : écrivez jour, mois et année sur quatre "
                "chiffres, comme 12/03/1985."
            )
        return found


class Sent(forms.Form):
    """A form that does its work once, however often it is sent."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    @property
    def token(self) -> str:
        """The token as `core.idempotency.once` takes it."""
        return str(self.cleaned_data["form_token"])


class Versioned(Sent):
    """A change of a file that the person saw at `version`."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


MISSING = {
    "birth_name": "Le nom de naissance manque.",
    "given_names": "Le prénom de naissance manque.",
    "birth_date": "La date de naissance manque.",
    "sex": "Indiquez le sexe : féminin, masculin ou indéterminé.",
}


def _text(name: str, *, longest: int = 100, **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name], required=name in MISSING, max_length=longest,
        error_messages={"required": MISSING.get(name, "")},
        widget=forms.TextInput(attrs=PRIVATE | attrs),
    )  # fmt: skip


class FileFields(forms.Form):
    """The columns of a file, checked by the same rules as the actions."""

    birth_name = _text("birth_name", spellcheck="false")
    given_names = _text("given_names", spellcheck="false")
    first_given_name = _text("first_given_name", spellcheck="false")
    birth_date = DateTyped(
        label=LABELS["birth_date"], error_messages={"required": MISSING["birth_date"]}
    )
    sex = forms.ChoiceField(
        label=LABELS["sex"], choices=[("", "—"), *Patient.Sex.choices],
        error_messages={"required": MISSING["sex"]},
    )  # fmt: skip
    birth_place = _text("birth_place")
    birth_place_code = _text("birth_place_code", longest=5)
    used_name = _text("used_name", spellcheck="false")
    used_given_name = _text("used_given_name", spellcheck="false")
    address = _text("address", longest=200)
    address_more = _text("address_more", longest=200)
    postcode = _text("postcode", longest=10, inputmode="numeric")
    town = _text("town", longest=80)
    usual_practitioner = forms.ModelChoiceField(
        label=LABELS["usual_practitioner"],
        queryset=Practitioner.objects.none(),
        required=False,
        empty_label="—",
    )
    needs_interpreter = _text("needs_interpreter", longest=60)
    needs_wheelchair = forms.BooleanField(label=LABELS["needs_wheelchair"], required=False)
    is_deaf = forms.BooleanField(label=LABELS["is_deaf"], required=False)
    needs_more_time = forms.BooleanField(label=LABELS["needs_more_time"], required=False)
    note = forms.CharField(
        label=LABELS["note"], required=False, max_length=4000,
        widget=forms.Textarea(attrs=PRIVATE | {"rows": 3}),
        help_text="Texte sensible : rien de médical ; le patient peut demander à le lire.",
    )  # fmt: skip

    def __init__(self, practice_id: int, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice_id, self.today = practice_id, today
        cast("DateTyped", self.fields["birth_date"]).today = today
        doctors = Practitioner.objects.filter(practice_id=practice_id).order_by("family_name")
        cast(
            "forms.ModelChoiceField[Practitioner]", self.fields["usual_practitioner"]
        ).queryset = doctors

    def clean(self) -> dict[str, Any]:
        """Say each refusal of the trade beside its field."""
        data = super().clean() or self.cleaned_data
        for name in self.columns(data):
            if name in self.errors or not data[name]:
                continue
            try:
                strict_columns({name: data[name]}, self.today)
            except BadInput as refusal:
                self.add_error(name, refusal.sentence)
        if not {"given_names", "first_given_name"} & self.errors.keys():
            self._check_first_given_name(data)
        return data

    def _check_first_given_name(self, data: dict[str, Any]) -> None:
        try:
            strict = naming.strict_given_names(data["given_names"])
            naming.first_given_name(strict, data["first_given_name"])
        except BadInput as refusal:
            self.add_error("first_given_name", refusal.sentence)

    def columns(self, data: dict[str, Any]) -> dict[str, Any]:
        """The columns among the cleaned values."""
        return {name: data[name] for name in FileFields.base_fields if name in data}


class RegisterForm(Sent, FileFields):
    """A new file: identity, ways to reach, home, who answers for a child."""

    mobile = forms.CharField(label="Téléphone mobile", required=False, max_length=25)
    mobile_messages = forms.BooleanField(label="SMS acceptés", required=False)
    landline = forms.CharField(label="Téléphone fixe", required=False, max_length=25)
    holder = forms.CharField(
        label="À qui est le mobile, si ce n’est pas au patient", required=False, max_length=80
    )
    email = forms.CharField(label="Courriel", required=False, max_length=120)
    email_messages = forms.BooleanField(label="Courriels acceptés", required=False)
    home_of = forms.IntegerField(required=False, widget=forms.HiddenInput)
    has_authority = forms.BooleanField(
        label="Cette personne exerce l’autorité parentale", required=False
    )
    authority_name = forms.CharField(
        label="Sinon, nom du titulaire de l’autorité parentale", required=False, max_length=120
    )
    authority_phone = forms.CharField(label="Son téléphone", required=False, max_length=25)
    despite_duplicates = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("mobile", "landline", "authority_phone"):
            self.fields[name].widget.attrs |= PRIVATE | {"inputmode": "tel"}
        for name in ("holder", "email", "authority_name"):
            self.fields[name].widget.attrs |= PRIVATE

    def clean_mobile(self) -> str:
        """A number that exists."""
        return self._reached("mobile")

    def clean_landline(self) -> str:
        """A number that exists."""
        return self._reached("landline")

    def clean_authority_phone(self) -> str:
        """A number that exists."""
        return self._reached("authority_phone")

    def clean_email(self) -> str:
        """A whole address."""
        return self._reached("email")

    def clean_home_of(self) -> Patient | None:
        """A patient of the practice."""
        pk = self.cleaned_data["home_of"]
        other = find.patient(self.practice_id, pk)
        if pk and other is None:
            raise forms.ValidationError("Choisissez la personne dans la liste.")
        return other

    def _reached(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        try:
            if text:
                (strict_email if name == "email" else strict_phone)(text)
        except BadInput as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        return text

    def traits(self) -> Traits:
        """What the action takes; the form must be valid."""
        columns = self.columns(self.cleaned_data)
        return cast("Traits", {**columns, "contact_points": self._points()})

    def _points(self) -> list[NewContactPoint]:
        data, use = self.cleaned_data, ContactPoint.Use
        points = [
            NewContactPoint(
                data["mobile"], use=use.MOBILE, holder=data["holder"],
                accepts_messages=data["mobile_messages"],
            ),
            NewContactPoint(data["landline"], use=use.HOME),
            NewContactPoint(
                data["email"], system=ContactPoint.System.EMAIL, use=use.OTHER,
                accepts_messages=data["email_messages"],
            ),
        ]  # fmt: skip
        return [point for point in points if point.value]


class CorrectForm(Versioned, FileFields):
    """A file to correct, as seen at `version`."""

    doubtful = forms.BooleanField(label=LABELS["doubtful"], required=False)
    homonym = forms.BooleanField(label=LABELS["homonym"], required=False)

    def changes(self) -> Details:
        """What the action takes: only what this person changed."""
        names = {*FileFields.base_fields, "doubtful", "homonym"}
        changed = names & set(self.changed_data)
        return cast("Details", {name: self.cleaned_data[name] for name in changed})


class PointForm(Versioned):
    """One way to reach someone."""

    system = forms.ChoiceField(
        label="Moyen", choices=ContactPoint.System.choices, initial=ContactPoint.System.PHONE
    )
    value = forms.CharField(
        label="Numéro ou adresse",
        max_length=120,
        widget=forms.TextInput(attrs=PRIVATE | {"autofocus": True}),
    )
    use = forms.ChoiceField(
        label="Usage", choices=ContactPoint.Use.choices, initial=ContactPoint.Use.MOBILE
    )
    holder = forms.CharField(
        label="À qui est-ce, si ce n’est pas au patient", required=False, max_length=80,
        widget=forms.TextInput(attrs=PRIVATE),
    )  # fmt: skip
    accepts_calls = forms.BooleanField(label="On peut appeler", required=False, initial=True)
    accepts_messages = forms.BooleanField(label="On peut envoyer des messages", required=False)

    def point(self) -> NewContactPoint:
        """What the action takes; the form must be valid."""
        names = ("value", "system", "use", "holder", "accepts_calls", "accepts_messages")
        return NewContactPoint(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def kept(point: ContactPoint) -> dict[str, Any]:
        """Initial values for a way to reach someone that the file holds."""
        names = ("system", "use", "holder", "accepts_calls", "accepts_messages")
        value = shown_phone(point.value) if point.system == "phone" else point.value
        return {**{name: getattr(point, name) for name in names}, "value": value}


class OtherPatient(Versioned):
    """Another patient of the practice, picked in a search box."""

    other = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, practice_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice_id = practice_id

    def clean_other(self) -> Patient | None:
        """A patient of the practice."""
        pk = self.cleaned_data["other"]
        other = find.patient(self.practice_id, pk)
        if pk and other is None:
            raise forms.ValidationError("Choisissez la personne dans la liste.")
        return other


class HouseholdForm(OtherPatient):
    """« Même foyer que… »."""

    def clean_other(self) -> Patient | None:
        """Somebody must be chosen."""
        other = super().clean_other()
        if other is None:
            raise forms.ValidationError("Choisissez une personne du foyer dans la liste.")
        return other


class RelatedForm(OtherPatient):
    """Who stands beside a patient."""

    relation = forms.ChoiceField(label="Qui est-ce ?", choices=RelatedPerson.Relation.choices)
    name = forms.CharField(
        label="Nom, si ce n’est pas un patient", required=False, max_length=120,
        widget=forms.TextInput(attrs=PRIVATE),
    )  # fmt: skip
    phone = forms.CharField(
        label="Téléphone", required=False, max_length=25,
        widget=forms.TextInput(attrs=PRIVATE | {"inputmode": "tel"}),
    )  # fmt: skip
    note = forms.CharField(
        label="Précision", required=False, max_length=200, widget=forms.TextInput(attrs=PRIVATE)
    )


class VerifyForm(Versioned):
    """The paper that was shown."""

    document = forms.ChoiceField(
        label="Pièce présentée", widget=forms.RadioSelect,
        help_text="Notez seulement la nature de la pièce : ni copie, ni numéro.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        papers = [(paper.key, paper.label) for paper in documents.known().values()]
        cast("forms.ChoiceField", self.fields["document"]).choices = papers


class DeathForm(Versioned):
    """The day of a death; empty takes it back."""

    deceased_on = DateTyped(label="Date du décès", required=False)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("DateTyped", self.fields["deceased_on"]).today = today
