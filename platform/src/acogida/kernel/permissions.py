"""The permission matrix: which role may do what to what. One file, printed by `acogida permissions`.

A permission reads `resource:verb`. Roles are those of the guide (02 · 1.2) and of our decisions; a person may hold
several and their rights add up. External advisers support and never approve or decide (RES-01).
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    key: str
    title: str
    rights: frozenset[str]
    external: bool = False


PERMISSIONS: dict[str, str] = {
    "workspace:read": "Ver el espacio de trabajo",
    "commitment:edit": "Preparar la carta de compromiso y el documento del proyecto",
    "act:record": "Registrar actos firmados: carta, acuerdo, aprobación, decreto",
    "team:edit": "Conformar equipos y mesa",
    "people:invite": "Invitar personas y definir sus roles",
    "meeting:edit": "Convocar sesiones y levantar actas",
    "diagnosis:edit": "Trabajar el diagnóstico",
    "diagnosis:close": "Decidir si falta información y cerrar el informe de diagnóstico",
    "planning:edit": "Definir visión, ejes y objetivos",
    "initiative:edit": "Crear y editar iniciativas",
    "document:edit": "Escribir el documento de la Política",
    "document:freeze": "Guardar versiones del documento",
    "document:publish": "Publicar la Política",
    "observation:create": "Hacer observaciones",
    "observation:answer": "Responder observaciones",
    "policy:approve": "Registrar la aprobación de la alcaldía y la votación del concejo",
    "diffusion:edit": "Registrar la difusión",
    "progress:report": "Informar el avance de cualquier iniciativa",
    "progress:report_own": "Informar el avance de las iniciativas de su unidad",
    "file:upload": "Subir archivos",
    "gate:close": "Cerrar pasos y etapas",
    "gate:except": "Avanzar por excepción fundada",
    "audit:read": "Leer la actividad del espacio",
    "token:manage": "Crear y revocar llaves de acceso a la API",
    "job:retry": "Reintentar tareas que fallaron",
    "extension:manage": "Habilitar y ajustar extensiones",
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
        "document:edit",
        "document:freeze",
        "observation:create",
        "observation:answer",
        "diffusion:edit",
        "progress:report",
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
            _WORK | {"people:invite", "document:publish", "policy:approve", "extension:manage"},
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
            "unit_owner", "Responsable de unidad", _READ | {"progress:report_own", "observation:create", "file:upload"}
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
    )
}


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """This function will add up the permissions of these roles; a role we do not know adds nothing."""
    return frozenset().union(*(ROLES[key].rights for key in roles if key in ROLES))


def render_matrix() -> str:
    """This function will print the matrix as text, a line per permission, a column per role."""
    width = max(map(len, PERMISSIONS))
    head = " " * width + "  " + "  ".join(f"{role.key[:10]:<10}" for role in ROLES.values())
    rows = [
        f"{permission:<{width}}  "
        + "  ".join(f"{'sí' if permission in role.rights else '·':<10}" for role in ROLES.values())
        for permission in PERMISSIONS
    ]
    return "\n".join([head, *rows])
