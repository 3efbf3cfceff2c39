"""Which store keeps the files and which antivirus looks at them, by the settings."""

from acogida.adapters.clamav import ClamavScanner
from acogida.adapters.disk import DiskFiles
from acogida.adapters.s3 import S3Files, S3Place
from acogida.app.settings import Settings
from acogida.kernel.clock import Clock
from acogida.kernel.ports import FileRules, Files, Scanner


def files_of(settings: Settings, clock: Clock | None = None) -> Files:
    """This function will give the store of files: S3 where its address is set, or a folder of this machine."""
    store = settings.store
    rules = FileRules(
        most_bytes=store.quota_megabytes * 1_000_000, most_files=store.quota_files, scanned=bool(store.clamav_url)
    )
    if not store.endpoint:
        return DiskFiles(settings.data / "files", rules=rules, clock=clock)
    return S3Files(_place(settings), rules=rules, clock=clock)


def scanner_of(settings: Settings) -> Scanner | None:
    """This function will give the antivirus, or None where there is none."""
    return ClamavScanner(settings.store.clamav_url) if settings.store.clamav_url else None


def prepare(settings: Settings) -> list[str]:
    """This function will make and set up the bucket of the store, where there is one, and say what that store lacks."""
    if not settings.store.endpoint:
        return []
    return sorted(S3Files(_place(settings)).prepare(origin=settings.public_url))


def _place(settings: Settings) -> S3Place:
    store = settings.store
    return S3Place(
        endpoint=store.endpoint,
        bucket=store.bucket,
        key=str(store.key),
        secret=str(store.secret),
        region=store.region,
        public_endpoint=store.public_url,
        encryption=store.encryption,
        lock=store.lock,
    )
