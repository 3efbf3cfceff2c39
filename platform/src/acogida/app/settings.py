"""Everything that can be set from outside, read once from the environment. Nothing else looks at it.

Each setting is described in platform/docs/settings.md; a test keeps the two equal. Secrets never show in `repr`.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

CHECKOUT = Path(__file__).resolve().parents[4]


class WrongSetting(ValueError):
    """A setting is missing or makes no sense; the sentence says which and what to do."""


class Secret(str):
    """A value that must not be printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    app_url: Secret
    worker_url: Secret
    owner_url: Secret


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where files are kept, and how many. Without an endpoint they stay on this machine's disk."""

    endpoint: str = ""
    bucket: str = "acogida"
    key: Secret = field(default=Secret(), repr=False)
    secret: Secret = field(default=Secret(), repr=False)
    region: str = "us-east-1"
    public_url: str = ""
    encryption: str = ""
    lock: Literal["governance", "compliance", "none"] = "governance"
    clamav_url: str = ""
    quota_megabytes: int = 20_000
    quota_files: int = 20_000


@dataclass(frozen=True, slots=True)
class FirmaGobSettings:
    """The State's signing service: off unless its address is given."""

    url: str
    entity: str
    api_token: Secret
    secret: Secret


@dataclass(frozen=True, slots=True)
class ClaveUnicaSettings:
    """The identity provider of the State, as it registered this installation."""

    url: str
    client_id: str
    client_secret: Secret = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    environment: Literal["development", "production", "test"]
    data: Path
    catalogue: Path
    host: str
    port: int
    metrics_port: int
    public_url: str
    secret_key: Secret = field(repr=False)
    database: DatabaseSettings = field(repr=False)
    smtp_url: Secret | None = field(default=None, repr=False)
    mail_from: str = "Acogida <no-responder@acogida.local>"
    log_format: Literal["console", "json"] = "console"
    store: StoreSettings = StoreSettings()
    trust_anchors: Path | None = None
    """Folder with the certificates of the accredited providers: whom a signature must lead to."""
    firmagob: FirmaGobSettings | None = None
    claveunica: ClaveUnicaSettings | None = None
    """None where nobody enters with ClaveÚnica."""
    meili_url: str = ""
    """Address of Meilisearch; empty where PostgreSQL searches the catalogue."""
    meili_key: Secret = field(default=Secret(""), repr=False)
    requests_per_minute: int = 0
    """How many writes, or requests with a key, one person or address may make in a minute; 0 sets no limit."""
    plugins: tuple[str, ...] | None = None
    """Names of the plugins that municipalities may enable; None is every one that is installed."""

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies carry `Secure` and the `__Host-` prefix: wherever the public address is https."""
        return self.public_url.startswith("https://")

    @staticmethod
    def from_env(env: Mapping[str, str]) -> "Settings":
        """This function will build the settings, or raise `WrongSetting` with one clear sentence."""
        environment = env.get("ACOGIDA_ENVIRONMENT", "development")
        if environment not in ("development", "production", "test"):
            raise WrongSetting(f"ACOGIDA_ENVIRONMENT vale «{environment}»; use development, production o test.")
        production = environment == "production"
        data = Path(env.get("ACOGIDA_DATA") or env.get("DATA") or CHECKOUT / "data").expanduser().resolve()
        port = _port(env.get("ACOGIDA_PORT") or env.get("PORT") or "8000", "PORT")
        host = env.get("ACOGIDA_HOST", "127.0.0.1")
        names = ("ACOGIDA_DATABASE_URL", "ACOGIDA_DATABASE_WORKER_URL", "ACOGIDA_DATABASE_OWNER_URL")
        urls = [Secret(env.get(name, "")) for name in names]
        if not all(urls):
            missing = ", ".join(name for name, url in zip(names, urls, strict=True) if not url)
            raise WrongSetting(f"Falta la dirección de la base de datos: {missing}.")
        secret_key = env.get("ACOGIDA_SECRET_KEY", "")
        if production and len(secret_key) < 32:
            raise WrongSetting("ACOGIDA_SECRET_KEY debe tener al menos 32 caracteres en producción.")
        public_url = env.get("ACOGIDA_PUBLIC_URL", f"http://{host}:{port}").rstrip("/")
        if production and not public_url.startswith("https://"):
            raise WrongSetting("ACOGIDA_PUBLIC_URL debe empezar con https:// en producción.")
        if production and not env.get("ACOGIDA_SMTP_URL"):
            raise WrongSetting("ACOGIDA_SMTP_URL es necesaria en producción: sin correo nadie puede entrar.")
        return Settings(
            environment=environment,
            data=data,
            catalogue=Path(env.get("ACOGIDA_CATALOGUE", CHECKOUT / "catalogue")),
            host=host,
            port=port,
            metrics_port=_port(env.get("ACOGIDA_METRICS_PORT", "0"), "ACOGIDA_METRICS_PORT"),
            public_url=public_url,
            secret_key=Secret(secret_key or secrets.token_urlsafe(48)),
            database=DatabaseSettings(app_url=urls[0], worker_url=urls[1], owner_url=urls[2]),
            smtp_url=Secret(env["ACOGIDA_SMTP_URL"]) if env.get("ACOGIDA_SMTP_URL") else None,
            mail_from=env.get("ACOGIDA_MAIL_FROM", "Acogida <no-responder@acogida.local>"),
            log_format="json"
            if env.get("ACOGIDA_LOG_FORMAT", "json" if production else "console") == "json"
            else "console",
            store=_store(env),
            trust_anchors=Path(env["ACOGIDA_TRUST_ANCHORS"]) if env.get("ACOGIDA_TRUST_ANCHORS") else None,
            firmagob=_firmagob(env),
            claveunica=_claveunica(env, production=production),
            meili_url=env.get("ACOGIDA_MEILI_URL", "").rstrip("/"),
            meili_key=Secret(env.get("ACOGIDA_MEILI_KEY", "")),
            requests_per_minute=_count(env.get("ACOGIDA_REQUESTS_PER_MINUTE", "600"), "ACOGIDA_REQUESTS_PER_MINUTE"),
            plugins=allowed_plugins(env),
        )


def _store(env: Mapping[str, str]) -> StoreSettings:
    endpoint = env.get("ACOGIDA_S3_ENDPOINT", "").rstrip("/")
    key, secret = (Secret(env.get(name, "")) for name in ("ACOGIDA_S3_KEY", "ACOGIDA_S3_SECRET"))
    if endpoint and not (key and secret):
        raise WrongSetting("Con ACOGIDA_S3_ENDPOINT hacen falta también ACOGIDA_S3_KEY y ACOGIDA_S3_SECRET.")
    lock = env.get("ACOGIDA_S3_LOCK", "governance")
    if lock not in ("governance", "compliance", "none"):
        raise WrongSetting(f"ACOGIDA_S3_LOCK vale «{lock}»; use governance, compliance o none.")
    encryption = env.get("ACOGIDA_S3_ENCRYPTION", "")
    if encryption not in ("", "AES256") and not encryption.startswith("aws:kms:"):
        raise WrongSetting(f"ACOGIDA_S3_ENCRYPTION vale «{encryption}»; use AES256 o aws:kms:nombre-de-la-llave.")
    clamav_url = env.get("ACOGIDA_CLAMAV_URL", "")
    if clamav_url and not clamav_url.startswith(("tcp://", "unix://")):
        raise WrongSetting("ACOGIDA_CLAMAV_URL debe ser tcp://servidor:3310 o unix:///ruta/al/clamd.ctl.")
    return StoreSettings(
        endpoint=endpoint,
        bucket=env.get("ACOGIDA_S3_BUCKET", "acogida"),
        key=key,
        secret=secret,
        region=env.get("ACOGIDA_S3_REGION", "us-east-1"),
        public_url=env.get("ACOGIDA_S3_PUBLIC_URL", "").rstrip("/"),
        encryption=encryption,
        lock=lock,
        clamav_url=clamav_url,
        quota_megabytes=_count(env.get("ACOGIDA_FILES_MEGABYTES", "20000"), "ACOGIDA_FILES_MEGABYTES"),
        quota_files=_count(env.get("ACOGIDA_FILES_COUNT", "20000"), "ACOGIDA_FILES_COUNT"),
    )


def _count(value: str, name: str) -> int:
    if not value.isdecimal() or not int(value):
        raise WrongSetting(f"{name} vale «{value}» y debe ser un número entero mayor que cero.")
    return int(value)


def _firmagob(env: Mapping[str, str]) -> FirmaGobSettings | None:
    url = env.get("ACOGIDA_FIRMAGOB_URL", "")
    if not url:
        return None
    entity = env.get("ACOGIDA_FIRMAGOB_ENTITY", "")
    token, secret = Secret(env.get("ACOGIDA_FIRMAGOB_TOKEN", "")), Secret(env.get("ACOGIDA_FIRMAGOB_SECRET", ""))
    if not (entity and token and secret):
        raise WrongSetting(
            "ACOGIDA_FIRMAGOB_URL necesita también ACOGIDA_FIRMAGOB_ENTITY, ACOGIDA_FIRMAGOB_TOKEN y ACOGIDA_FIRMAGOB_SECRET."
        )
    return FirmaGobSettings(url, entity, token, secret)


def _claveunica(env: Mapping[str, str], *, production: bool) -> ClaveUnicaSettings | None:
    url = env.get("ACOGIDA_CLAVEUNICA_URL", "").rstrip("/")
    client_id, secret = env.get("ACOGIDA_CLAVEUNICA_CLIENT_ID", ""), env.get("ACOGIDA_CLAVEUNICA_CLIENT_SECRET", "")
    if not url:
        return None
    if not client_id or not secret:
        raise WrongSetting(
            "Con ACOGIDA_CLAVEUNICA_URL hacen falta también ACOGIDA_CLAVEUNICA_CLIENT_ID y ACOGIDA_CLAVEUNICA_CLIENT_SECRET."
        )
    if production and not url.startswith("https://"):
        raise WrongSetting("ACOGIDA_CLAVEUNICA_URL debe empezar con https:// en producción.")
    return ClaveUnicaSettings(url, client_id, Secret(secret))


def allowed_plugins(env: Mapping[str, str]) -> tuple[str, ...] | None:
    """This function will read which plugins the operator allows: None is all of them, `none` is no one."""
    names = tuple(sorted({name.strip() for name in env.get("ACOGIDA_PLUGINS", "").split(",") if name.strip()}))
    return () if names == ("none",) else names or None


def _port(value: str, name: str) -> int:
    try:
        port = int(value)
    except ValueError:
        raise WrongSetting(f"{name} vale «{value}» y debe ser un número entre 0 y 65535.") from None
    if not 0 <= port <= 65535:
        raise WrongSetting(f"{name} vale {port} y debe estar entre 0 y 65535.")
    return port
