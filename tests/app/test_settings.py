"""Settings refuse what would hurt, in one sentence."""

import pytest

from acogida.app.settings import Settings, WrongSetting

URLS = dict.fromkeys(
    ("ACOGIDA_DATABASE_URL", "ACOGIDA_DATABASE_WORKER_URL", "ACOGIDA_DATABASE_OWNER_URL"),
    "postgresql+asyncpg://u:clave@h/d",
)
GOOD = {
    **URLS,
    "ACOGIDA_ENVIRONMENT": "production",
    "ACOGIDA_SECRET_KEY": "x" * 40,
    "ACOGIDA_PUBLIC_URL": "https://acogida.ejemplo.cl",
    "ACOGIDA_SMTP_URL": "smtp://correo",
}


def test_secrets_do_not_show() -> None:
    """Neither the key nor a password can be printed by accident."""
    store = {
        "ACOGIDA_S3_ENDPOINT": "https://s3.ejemplo.cl",
        "ACOGIDA_S3_KEY": "llave",
        "ACOGIDA_S3_SECRET": "del-almacen",
    }
    settings = Settings.from_env({**GOOD, **store})
    shown = repr(settings) + repr(settings.database) + repr(settings.store)

    assert "x" * 40 not in shown
    assert "clave@" not in shown
    assert "del-almacen" not in shown


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ACOGIDA_ENVIRONMENT": "prod"}, "use development"),
        ({"ACOGIDA_SECRET_KEY": "corta"}, "al menos 32"),
        ({"ACOGIDA_SECRET_KEY": ""}, "al menos 32"),
        ({"ACOGIDA_PUBLIC_URL": "http://acogida.ejemplo.cl"}, "https://"),
        ({"ACOGIDA_SMTP_URL": ""}, "sin correo"),
        ({"ACOGIDA_DATABASE_URL": ""}, "Falta la dirección"),
        ({"ACOGIDA_PORT": "ochenta"}, "debe ser un número"),
        ({"ACOGIDA_PORT": "99999"}, "entre 0 y 65535"),
        ({"ACOGIDA_S3_ENDPOINT": "https://s3.ejemplo.cl"}, "hacen falta también"),
        ({"ACOGIDA_S3_LOCK": "siempre"}, "use governance"),
        ({"ACOGIDA_S3_ENCRYPTION": "si"}, "use AES256"),
        ({"ACOGIDA_CLAMAV_URL": "localhost:3310"}, "debe ser tcp://"),
        ({"ACOGIDA_FILES_COUNT": "0"}, "mayor que cero"),
    ],
)
def test_production_refuses_what_would_hurt(changed: dict[str, str], sentence: str) -> None:
    """Each wrong setting has its own sentence."""
    with pytest.raises(WrongSetting, match=sentence):
        Settings.from_env({**GOOD, **changed})
