"""All that a municipality has here, read once: figures, answers and the table of communes."""

from collections.abc import Sequence
from dataclasses import dataclass

from acogida.sdk import Work, plugin_settings
from acogida_macrozona_norte import store
from acogida_macrozona_norte.asking import QUESTIONS, Asked
from acogida_macrozona_norte.forms import Settings
from acogida_macrozona_norte.model import Answer, Encounter, Partner, Pledge


@dataclass(frozen=True, slots=True)
class Kept:
    """What the municipality has written down here."""

    table: str
    """How the table of communes is called."""
    home_cut: str
    home_name: str
    answers: dict[str, Answer]
    partners: Sequence[Partner]
    encounters: Sequence[Encounter]
    pledges: Sequence[Pledge]

    @property
    def answered(self) -> tuple[Asked, ...]:
        return tuple(each for each in QUESTIONS.values() if self.text_of(each))

    @property
    def unanswered(self) -> tuple[Asked, ...]:
        return tuple(each for each in QUESTIONS.values() if not self.text_of(each))

    def text_of(self, each: Asked) -> str:
        row = self.answers.get(each.key)
        return row.text if row else ""

    @property
    def open(self) -> tuple[Pledge, ...]:
        """What was promised and is not done yet, the nearest first."""
        return tuple(row for row in self.pledges if row.state == "open")

    @property
    def done(self) -> tuple[Pledge, ...]:
        return tuple(row for row in self.pledges if row.state == "done")

    @property
    def held(self) -> tuple[Encounter, ...]:
        return tuple(row for row in self.encounters if row.state == "held")

    @property
    def names(self) -> dict[str, str]:
        """Names of the communes of the table by their CUT, this one first."""
        return {self.home_cut: self.home_name, **{row.cut: row.name for row in self.partners}}

    @property
    def anything(self) -> bool:
        """Whether anything has been written down."""
        return bool(self.answered or self.partners or self.encounters or self.pledges)


async def kept(work: Work) -> Kept:
    """This function will read all that the municipality has here."""
    return Kept(
        (await plugin_settings(work, "macrozona_norte", Settings)).table_name,
        work.tenant.cut,
        work.tenant.name,
        await store.answers(work),
        await store.partners(work),
        await store.encounters(work),
        await store.pledges(work),
    )
