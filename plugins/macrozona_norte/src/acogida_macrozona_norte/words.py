"""Words that the pages, the annex and the spreadsheet share."""

ENCOUNTER_STATES = {"called": "Convocada", "held": "Realizada", "cancelled": "Suspendida"}
PLEDGE_STATES = {"open": "Pendiente", "done": "Cumplido", "dropped": "Descartado"}

BIRTHPLACE = "Nacer fuera del país es un lugar de nacimiento, no una nacionalidad ni una situación migratoria."
HIDDEN = (
    "INE no publica las casillas con 50 personas o menos. Aquí quedan suprimidas y nadie las calcula: donde hay alguna, "
    "la suma dice «al menos»."
)
OURS = "Las tres regiones juntas son una agrupación de esta extensión; las sumas y los porcentajes son nuestros."
KEPT_APART = "Lo anota cada municipalidad en su espacio. Ninguna ve lo que anotó otra."


def counted(number: int, one: str, many: str) -> str:
    """This function will say how many, with the noun as it goes with the number."""
    return f"{number} {one if number == 1 else many}"
