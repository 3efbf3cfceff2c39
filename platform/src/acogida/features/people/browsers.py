"""What a browser says of itself, in words that its owner recognises."""

import re

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_MACHINES = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Chromebook", r"CrOS"),
    ("Linux", r"Linux"),
)


def describe(agent: str) -> str:
    """This function will turn a `User-Agent` into «Firefox en Windows»; order matters, for most claim to be others."""
    browser = next((name for name, pattern in _BROWSERS if re.search(pattern, agent)), "")
    machine = next((name for name, pattern in _MACHINES if re.search(pattern, agent)), "")
    if browser and machine:
        return f"{browser} en {machine}"
    return browser or machine or "Navegador desconocido"
