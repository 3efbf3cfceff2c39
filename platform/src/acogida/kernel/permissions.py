"""The permission matrix: which role may do what to what. One file, printed by `acogida permissions`, shown in `/ayuda`.

A permission reads `resource:verb`. Roles are those of the guide (02 · 1.2) and of our decisions; a person may hold
several and their rights add up. External advisers support and never approve or decide (RES-01). A right that ends in
`_own` is narrowed to the unit, the ejes or the initiatives that somebody was given: ask with `reaches`.

Platform roles are offices outside any workspace. They open no workspace, and none of them works without a second factor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from acogida.kernel.tenancy import Actor


@dataclass(frozen=True, slots=True)
class Role:
    key: str
    title: str
    rights: frozenset[str]
    external: bool = False
    """For who does not work in the municipality."""
    given: bool = True
    """False where nobody gives it by hand: it comes with something else, which takes it away."""


PERMISSIONS: dict[str, str] = {
    "workspace:read": "Ver el espacio de trabajo",
    "commitment:edit": "Preparar la carta de compromiso y el documento del proyecto",
    "act:record": "Registrar actos firmados: carta, acuerdo, aprobación, decreto",
    "team:edit": "Conformar equipos y mesa",
    "people:invite": "Invitar personas y definir sus roles",
    "office:edit": "Registrar quién ejerce cada cargo y sus subrogancias",
    "meeting:edit": "Convocar sesiones y levantar actas",
    "diagnosis:edit": "Trabajar el diagnóstico",
    "diagnosis:close": "Decidir si falta información y cerrar el informe de diagnóstico",
    "planning:edit": "Definir visión, ejes y objetivos",
    "initiative:edit": "Crear y editar iniciativas",
    "initiative:edit_own": "Editar las iniciativas de su unidad, o los ejes y las iniciativas a su cargo",
    "document:edit": "Escribir el documento de la Política",
    "document:freeze": "Guardar versiones del documento",
    "document:publish": "Publicar la Política",
    "observation:create": "Hacer observaciones",
    "observation:answer": "Responder observaciones",
    "policy:approve": "Registrar la aprobación de la alcaldía y la votación del concejo",
    "diffusion:edit": "Registrar la difusión",
    "progress:report": "Informar el avance de cualquier iniciativa",
    "progress:report_own": "Informar el avance de las iniciativas de su unidad o a su cargo",
    "file:upload": "Subir archivos",
    "file:hold": "Poner y levantar la conservación obligatoria de un archivo",
    "gate:close": "Cerrar pasos y etapas",
    "gate:except": "Avanzar por excepción fundada",
    "audit:read": "Leer la actividad del espacio",
    "token:manage": "Crear y revocar llaves de acceso a la API",
    "job:retry": "Reintentar tareas que fallaron",
    "extension:manage": "Habilitar y ajustar extensiones",
    "workspace:leave": "Llevarse todo y dejar Acogida",
}

_WORK = frozenset(
    {
        "workspace:read",
        "commitment:edit",
        "act:record",
        "team:edit",
        "meeting:edit",
        "diagnosis:edit",
        "diagnosis:close",
        "planning:edit",
        "initiative:edit",
        "initiative:edit_own",
        "document:edit",
        "document:freeze",
        "observation:create",
        "observation:answer",
        "diffusion:edit",
        "progress:report",
        "progress:report_own",
        "file:upload",
        "gate:close",
        "audit:read",
        "token:manage",
    }
)
_READ = frozenset({"workspace:read", "audit:read", "token:manage"})

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role("secretary", "Secretario/a ejecutivo/a", frozenset(PERMISSIONS)),
        Role(
            "president",
            "Presidente/a del equipo ejecutivo",
            _WORK | {"people:invite", "office:edit", "document:publish", "policy:approve", "extension:manage"},
        ),
        Role("executive_member", "Integrante del equipo ejecutivo", _WORK),
        Role("extended_member", "Integrante del equipo ampliado", _READ | {"observation:create", "file:upload"}),
        Role(
            "mayor",
            "Alcalde o alcaldesa",
            _READ | {"policy:approve", "gate:except", "observation:create", "document:publish"},
        ),
        Role("councillor", "Concejal o concejala", _READ | {"observation:create"}),
        Role(
            "unit_owner",
            "Responsable de unidad, eje o iniciativa",
            _READ | {"initiative:edit_own", "progress:report_own", "observation:create", "file:upload"},
        ),
        Role(
            "adviser",
            "Asesor o asesora externa",
            frozenset(
                {
                    "workspace:read",
                    "meeting:edit",
                    "diagnosis:edit",
                    "document:edit",
                    "observation:create",
                    "file:upload",
                }
            ),
            external=True,
        ),
        Role(
            "mesa_participant",
            "Participante de la mesa comunal",
            frozenset({"workspace:read", "observation:create"}),
            external=True,
        ),
        Role("observer", "Observador u observadora de otra institución", frozenset({"workspace:read"}), external=True),
        Role(
            "break_glass",
            "Acceso de emergencia de la plataforma",
            frozenset({"workspace:read", "audit:read"}),
            external=True,
            given=False,
        ),
    )
}

DECIDING = frozenset(
    {
        "act:record",
        "commitment:edit",
        "diagnosis:close",
        "document:freeze",
        "document:publish",
        "extension:manage",
        "gate:close",
        "gate:except",
        "office:edit",
        "people:invite",
        "policy:approve",
        "team:edit",
        "workspace:leave",
    }
)
"""What only the municipality does: it decides, approves, signs or says who may (RES-01). Nobody external holds any."""

PLATFORM_PERMISSIONS: dict[str, str] = {
    "catalogue:curate": "Curar el catálogo de buenas prácticas",
    "claim:decide": "Resolver las solicitudes de abrir un espacio, en su región o en todo el país",
    "extension:recommend": "Recomendar extensiones a las comunas de su región o del país",
    "oversight:read": "Ver lo que cada municipalidad declara de su avance",
    "platform:operate": "Operar la plataforma: su estado, sus extensiones y el acceso de emergencia",
}

PLATFORM_ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role("curator", "Curaduría de OIM", frozenset({"catalogue:curate"}), external=True),
        Role(
            "sermig_regional",
            "Sermig, oficina regional",
            frozenset({"claim:decide", "extension:recommend", "oversight:read"}),
            external=True,
        ),
        Role(
            "sermig_national",
            "Sermig, nivel nacional",
            frozenset({"claim:decide", "extension:recommend", "oversight:read"}),
            external=True,
        ),
        Role("operator", "Operación de la plataforma", frozenset({"platform:operate"}), external=True),
    )
}


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """This function will add up the permissions of these roles; a role we do not know adds nothing."""
    return frozenset().union(*(ROLES[key].rights for key in roles if key in ROLES))


def platform_rights_of(roles: Iterable[str]) -> frozenset[str]:
    """This function will add up what these offices outside any workspace may do."""
    return frozenset().union(*(PLATFORM_ROLES[key].rights for key in roles if key in PLATFORM_ROLES))


def reaches(
    actor: Actor, permission: str, *, unit: str = "", axis_id: UUID | None = None, initiative_id: UUID | None = None
) -> bool:
    """This function will tell whether the actor may do this to this very thing: the one door of narrowed rights.

    Who holds the whole right reaches everything. Who holds only its `_own` half reaches the things of their unit, those
    of the ejes they were given and the initiatives they were given.
    """
    if actor.may(permission):
        return True
    if not actor.may(f"{permission}_own"):
        return False
    mine = " ".join(actor.unit.casefold().split())
    return bool(
        (mine and mine == " ".join(unit.casefold().split()))
        or (axis_id and f"axis:{axis_id}" in actor.scope)
        or (initiative_id and f"initiative:{initiative_id}" in actor.scope)
    )


def render_matrix() -> str:
    """This function will print both matrices as text, a line per permission, a column per role."""
    return "\n\n".join((_render(PERMISSIONS, ROLES), _render(PLATFORM_PERMISSIONS, PLATFORM_ROLES)))


def _render(permissions: dict[str, str], roles: dict[str, Role]) -> str:
    width = max(map(len, permissions))
    head = " " * width + "  " + "  ".join(f"{role.key[:10]:<10}" for role in roles.values())
    rows = [
        f"{permission:<{width}}  "
        + "  ".join(f"{'sí' if permission in role.rights else '·':<10}" for role in roles.values())
        for permission in permissions
    ]
    return "\n".join([head, *rows])
