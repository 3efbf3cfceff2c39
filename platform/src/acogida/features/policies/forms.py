"""What people write into the document, what they keep of it, and what others observe about it."""

from dataclasses import dataclass
from datetime import date

from acogida.features.policies.words import ANSWERS, INSTANCES, MILESTONES
from acogida.web import forms


@dataclass(frozen=True)
class WriteSection(forms.FormData):
    """The text of a section. Plain text: a blank line parts paragraphs, lines with «- » make a list."""

    text: str = forms.prose("Texto", max_length=30_000)
    version: int = forms.revision()


@dataclass(frozen=True)
class FreezeVersion(forms.FormData):
    """A version of the document to be kept as it is today."""

    milestone: str = forms.choice("¿Qué versión es?", MILESTONES, required=True)
    label: str = forms.text("Nombre para reconocerla", max_length=120)


@dataclass(frozen=True)
class WithdrawPolicy(forms.FormData):
    """Taking the policy off the public pages."""

    reason: str = forms.prose("¿Por qué se retira?", required=True, max_length=2000)


@dataclass(frozen=True)
class AddObservation(forms.FormData):
    """A comment on the policy (VAL-4.2-11, VAL-4.2-16).

    `subject` is a part of the document (`scope`, `diagnosis`, `follow_up`, `other`) or `objective:<id>`, `axis:<id>`,
    `initiative:<id>`. Whoever may not answer observations signs their own: author and day are then theirs and today's.
    """

    subject: str = forms.text("¿Sobre qué es?", required=True, max_length=80)
    text: str = forms.prose("Observación", required=True, max_length=6000)
    author: str = forms.text("¿Quién la hace?", max_length=120)
    organization: str = forms.text("Organización o unidad", max_length=160)
    instance: str = forms.choice("¿En qué instancia?", INSTANCES, required=True)
    meeting_id: str = forms.reference("Sesión en que se hizo")
    policy_version_id: str = forms.reference("Versión que se leyó")
    received_on: date | None = forms.day("Fecha")


@dataclass(frozen=True)
class AnswerObservation(forms.FormData):
    """What was decided about an observation, and why (VAL-4.2-17)."""

    status: str = forms.choice("¿Qué se decidió?", ANSWERS, required=True)
    answer: str = forms.prose("Motivo", required=True, max_length=4000)
    version: int = forms.revision()
