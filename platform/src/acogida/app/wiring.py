"""Everything put together, once. Tests replace a neighbour by keyword."""

from dataclasses import dataclass, field

from acogida.adapters.documents import DocumentEngine
from acogida.adapters.mail import LocalMailbox, SmtpMailer
from acogida.adapters.signatures import SignatureReader
from acogida.app import discovery, models, plugins, searching, storage
from acogida.app.settings import Settings
from acogida.features.extensions import public as extensions
from acogida.features.methodology.guide import available_versions, guide_folder, load_guide
from acogida.features.methodology.model import Guide
from acogida.kernel import hooks
from acogida.kernel.clock import Clock, SystemClock
from acogida.kernel.db import Database
from acogida.kernel.ports import DocumentRenderer, Files, IdentityProvider, Mailer, Scanner, SearchIndex
from acogida.kernel.sealing import Sealing
from acogida.kernel.signatures import Signatures, StateSigning


@dataclass(slots=True)
class Services:
    """What requests and jobs are served with."""

    settings: Settings
    database: Database
    clock: Clock
    files: Files
    scanner: Scanner | None
    mailer: Mailer
    renderer: DocumentRenderer
    guides: dict[str, Guide]
    search: SearchIndex
    sealing: Sealing
    identity_provider: IdentityProvider | None = None
    """ClaveÚnica, where the operator has set it up."""
    signatures: Signatures = field(default_factory=SignatureReader)
    state_signing: StateSigning | None = None
    """FirmaGob, where the operator has turned it on."""

    async def close(self) -> None:
        await self.database.close()
        if self.identity_provider:
            await self.identity_provider.close()
        if isinstance(self.renderer, DocumentEngine):
            await self.renderer.close()
        await self.files.close()
        await self.search.close()


def assemble(
    settings: Settings,
    *,
    database: Database | None = None,
    clock: Clock | None = None,
    files: Files | None = None,
    scanner: Scanner | None = None,
    mailer: Mailer | None = None,
    renderer: DocumentRenderer | None = None,
    guides: dict[str, Guide] | None = None,
    search: SearchIndex | None = None,
    signatures: Signatures | None = None,
    state_signing: StateSigning | None = None,
    worker: bool = False,
) -> Services:
    """This function will build the services of a process: `worker` connects as the role of the queue."""
    models.load()
    discovery.register()
    hooks.use(plugins.loaded(settings.plugins, strict=settings.environment == "test"), extensions.enabled)
    url = settings.database.worker_url if worker else settings.database.app_url
    return Services(
        settings=settings,
        database=database or Database(str(url), name="acogida-worker" if worker else "acogida-web"),
        clock=clock or SystemClock(),
        files=files or storage.files_of(settings, clock),
        scanner=scanner or storage.scanner_of(settings),
        mailer=mailer
        or (
            SmtpMailer(str(settings.smtp_url), sender=settings.mail_from)
            if settings.smtp_url
            else LocalMailbox(settings.data / "mail")
        ),
        renderer=renderer or DocumentEngine(),
        guides=guides
        or {
            version: load_guide(guide_folder(settings.catalogue, version))
            for version in available_versions(settings.catalogue)
        },
        search=search or searching.search_of(settings, str(url)),
        signatures=signatures or SignatureReader(settings.trust_anchors),
        state_signing=state_signing or _state_signing(settings),
        sealing=Sealing(str(settings.secret_key)),
        identity_provider=_identity_provider(settings),
    )


def _identity_provider(settings: Settings) -> IdentityProvider | None:
    if settings.claveunica is None:
        return None
    from acogida.adapters.oidc import OpenIdConnect  # its libraries are only worth their start where they are used

    one = settings.claveunica
    return OpenIdConnect(one.url, client_id=one.client_id, client_secret=str(one.client_secret))


def _state_signing(settings: Settings) -> StateSigning | None:
    if settings.firmagob is None:
        return None
    from acogida.adapters.firmagob import FirmaGob  # its HTTP client is only worth its start where it is used

    one = settings.firmagob
    return FirmaGob(one.url, entity=one.entity, api_token=str(one.api_token), secret=str(one.secret))
