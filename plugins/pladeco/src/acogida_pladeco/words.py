"""The PLADECO's own vocabulary, as it is read on the screen and in a spreadsheet."""

import unicodedata

LEVELS = {"line": "Lineamiento", "objective": "Objetivo", "program": "Programa"}
UNDER = {"line": "objective", "objective": "program"}
"""What hangs from what."""


def fold(text: str) -> str:
    """This function will give the text as it is compared: without accents, capitals or spaces to spare."""
    plain = unicodedata.normalize("NFD", " ".join(text.split()))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def counted(number: int, one: str, many: str) -> str:
    """This function will count things in words: «una iniciativa», «3 iniciativas»."""
    feminine = one.endswith("a")
    if number == 1:
        return f"{'una' if feminine else 'un'} {one}"
    return f"{number if number else 'ninguna' if feminine else 'ningún'} {many if number else one}"
