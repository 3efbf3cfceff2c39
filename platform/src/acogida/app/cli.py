"""The command `acogida`."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from acogida.app.settings import Settings, WrongSetting, allowed_plugins


def main(arguments: Sequence[str] | None = None) -> int:
    """This function will run one verb of the command line and give its exit status."""
    parser = argparse.ArgumentParser(prog="acogida", description="Acogida: políticas municipales de migración.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="todo el producto en esta máquina, sin instalar nada más")
    verbs.add_parser("web", help="sólo el proceso web")
    verbs.add_parser("worker", help="sólo el proceso que atiende la cola")
    verbs.add_parser("migrate", help="lleva la base de datos a esta versión")
    verbs.add_parser("seed", help="carga el territorio y, fuera de producción, la demostración")
    verbs.add_parser("permissions", help="imprime la matriz de permisos")
    verbs.add_parser("plugins", help="qué extensiones hay y cómo están")
    plugin = verbs.add_parser("plugin", help="para quien escribe una extensión").add_subparsers(
        dest="what", required=True
    )
    made = plugin.add_parser("new", help="hace una extensión que funciona, con sus pruebas")
    made.add_argument("name", help="de 3 a 31 minúsculas, dígitos y «_»")
    made.add_argument("--title", default="", help="cómo se llama en pantalla")
    made.add_argument("--in", dest="parent", default="plugins", help="la carpeta donde queda")
    looked = plugin.add_parser("check", help="revisa una extensión como lo haría la casa")
    looked.add_argument("path", help="la carpeta de la extensión")
    methodology = verbs.add_parser("methodology", help="la guía como datos").add_subparsers(dest="what", required=True)
    methodology.add_parser("coverage", help="qué filas de la guía están vivas en el producto")
    catalogue = verbs.add_parser("catalogue", help="las buenas prácticas").add_subparsers(dest="what", required=True)
    loading = catalogue.add_parser(
        "load", help="lleva a la base de datos lo que dicen los archivos, mostrando cada cambio"
    )
    loading.add_argument("--dry-run", action="store_true", help="sólo muestra lo que cambiaría")
    search = verbs.add_parser("search", help="el buscador del catálogo").add_subparsers(dest="what", required=True)
    search.add_parser("rebuild", help="rehace el índice desde cero, sin dejar de responder")
    search.add_parser("mend", help="compara el índice con lo publicado y pone lo que falta")
    pack = verbs.add_parser("pack", help="los paquetes de salida").add_subparsers(dest="what", required=True)
    loading_pack = pack.add_parser("load", help="vuelve a abrir el espacio de un paquete, entero o nada")
    loading_pack.add_argument("path", help="el ZIP")
    demo = verbs.add_parser("demo", help="datos de demostración").add_subparsers(dest="what", required=True)
    demo.add_parser("reset", help="vuelve la demostración a su estado inicial")
    office = verbs.add_parser("office", help="cargos de la plataforma: curaduría, Sermig, operación")
    office.add_argument("what", choices=("give", "take"), help="dar o quitar")
    office.add_argument("email")
    office.add_argument("role", help="curator, sermig_regional, sermig_national u operator")
    office.add_argument("--name", default="", help="nombre y apellido, si la cuenta es nueva")
    office.add_argument("--region", default="", help="código de la región, si es una oficina regional")
    verify = verbs.add_parser("verify", help="comprueba un paquete de Acogida, sin red ni base de datos")
    verify.add_argument("path", help="la carpeta o el archivo ZIP")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "plugin":
        return _plugin(chosen)
    if chosen.verb == "verify":
        return _verify(chosen.path)
    if chosen.verb == "office":
        return _office(chosen)
    try:
        if chosen.verb == "pack":
            return _load_pack(chosen.path)
        if chosen.verb == "search":
            return _search(chosen.what)
        return _catalogue(dry_run=chosen.dry_run) if chosen.verb == "catalogue" else _VERBS[chosen.verb]()
    except WrongSetting as error:
        print(error, file=sys.stderr)
        return 2


def _run() -> int:
    from acogida.app.run import run

    return run(os.environ)


def _web() -> int:
    gc.disable()  # what a start makes stays for the whole life: collecting it would only make the first page wait
    import uvicorn

    from acogida.app import logs
    from acogida.app.web import create_app

    settings = Settings.from_env(os.environ)
    logs.configure(settings)
    if settings.metrics_port:
        from prometheus_client import start_http_server

        start_http_server(settings.metrics_port, addr="127.0.0.1" if not settings.production else "0.0.0.0")  # noqa: S104 because the cluster scrapes it
    app = create_app(settings)
    gc.freeze()
    gc.enable()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=settings.production,
        forwarded_allow_ips=os.environ.get("ACOGIDA_TRUSTED_PROXIES", "127.0.0.1"),
    )
    return 0


def _worker() -> int:
    from acogida.app import logs
    from acogida.app.worker import run_worker

    settings = Settings.from_env(os.environ)
    logs.configure(settings)
    asyncio.run(run_worker(settings))
    return 0


def _migrate() -> int:
    from acogida.app import plugins, storage
    from acogida.app.migrate import migrate

    settings = Settings.from_env(os.environ)
    registry = plugins.loaded(settings.plugins, strict=False)
    print(migrate(str(settings.database.owner_url), registry))
    if lacks := storage.prepare(settings):
        print(f"Al almacén de archivos le faltan: {', '.join(lacks)}. Acogida sigue sin ellos.", file=sys.stderr)
    for name, reason in registry.quarantined.items():
        print(f"Se apartó la extensión {name}: {reason}.", file=sys.stderr)
    return 0


def _plugins() -> int:
    from acogida.app import plugins

    registry = plugins.loaded(allowed_plugins(os.environ), strict=False)
    for name in sorted({one.name for one in plugins.found()}):
        plugin = registry.offered.get(name)
        state = f"{plugin.version}, se ofrece" if plugin else registry.quarantined.get(name, "instalada y no permitida")
        print(f"{name:<20} {state}")
    return int(bool(registry.quarantined))


def _plugin(chosen: argparse.Namespace) -> int:
    from acogida.app import plugin_kit

    if chosen.what == "check":
        faults = plugin_kit.check(Path(chosen.path))
        print("\n".join(faults) if faults else "Todo en orden.")
        return int(bool(faults))
    try:
        folder = plugin_kit.new(chosen.name, chosen.title, Path(chosen.parent))
    except plugin_kit.NotMade as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"Hecha en {folder}. Instálela con «pip install -e {folder}» y corra sus pruebas con «pytest {folder}».")
    return 0


def _seed() -> int:
    import uvloop

    from acogida.app.seed import seed

    gc.disable()  # a short life of many small objects: collecting would take a sixth of it and free nothing
    uvloop.run(seed(Settings.from_env(os.environ)))
    return 0


def _permissions() -> int:
    from acogida.kernel.permissions import render_matrix

    print(render_matrix())
    return 0


def _methodology() -> int:
    from acogida.app.settings import CHECKOUT
    from acogida.features.methodology.coverage import coverage, render
    from acogida.features.methodology.guide import available_versions, guide_folder, load_guide

    catalogue = CHECKOUT / "catalogue"
    for version in available_versions(catalogue):
        print(render(coverage(load_guide(guide_folder(catalogue, version)))))
    return 0


def _search(what: str) -> int:
    from acogida.app.searching import keep_up

    settings = Settings.from_env(os.environ)
    found = asyncio.run(keep_up(settings, again=what == "rebuild"))
    for one in found:
        if not one.answered:
            print(f"{one.engine:<12} no respondió", file=sys.stderr)
        else:
            print(f"{one.engine:<12} al día; se pusieron {one.put} y se sacaron {one.taken_out}")
    return int(not all(one.answered for one in found))


def _catalogue(*, dry_run: bool) -> int:
    import uvloop

    from acogida.app.seed import load_catalogue
    from acogida.features.practices.reading import WrongFile

    settings = Settings.from_env(os.environ)
    try:
        changes = uvloop.run(load_catalogue(settings, dry_run=True))
        print("\n".join(map(str, changes)) or "El catálogo ya está como dicen sus archivos.")
        if changes and not dry_run:
            uvloop.run(load_catalogue(settings, dry_run=False))
            print(f"Listo: {len(changes)} prácticas.")
    except WrongFile as wrong:
        print(wrong, file=sys.stderr)
        return 1
    return 0


def _office(chosen: argparse.Namespace) -> int:
    import uvloop

    from acogida.app.seed import office
    from acogida.kernel.errors import Problem

    try:
        said = uvloop.run(
            office(
                Settings.from_env(os.environ),
                give=chosen.what == "give",
                email=chosen.email,
                name=chosen.name,
                role=chosen.role,
                region=chosen.region,
            )
        )
    except (Problem, WrongSetting) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(said)
    return 0


def _verify(path: str) -> int:
    from acogida.kernel.packs import NotAPack, check

    try:
        report = check(Path(path))
    except NotAPack as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"Paquete de {report.municipality}, hecho el {report.made_at}.")
    print(f"Huella de la lista (SHA-256): {report.manifest_sha256}")
    for problem in report.problems:
        print(f"  ✗ {problem}")
    print(f"Se leyeron {report.files} archivos y {report.entries} anotaciones.")
    print("Todo calza." if report.good else "El paquete NO está como salió de Acogida.")
    return 0 if report.good else 1


def _load_pack(path: str) -> int:
    import uvloop

    from acogida.app.wiring import assemble
    from acogida.features.departure.public import CanNotReturn, load_pack
    from acogida.kernel.packs import NotAPack
    from acogida.kernel.tenancy import SYSTEM
    from acogida.kernel.work import Work

    async def load() -> str:
        services = assemble(Settings.from_env(os.environ))
        try:
            async with services.database.transaction() as session:
                tenant = await load_pack(Work(session, services.clock, SYSTEM), services.files, Path(path))
        finally:
            await services.close()
        return f"La Municipalidad de {tenant.name} está de vuelta: {services.settings.public_url}/m/{tenant.slug}"

    try:
        print(uvloop.run(load()))
    except (NotAPack, CanNotReturn) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def _demo() -> int:
    import uvloop

    from acogida.app.seed import reset_demo

    gc.disable()  # as in `_seed`
    uvloop.run(reset_demo(Settings.from_env(os.environ)))
    print("La demostración quedó como al comienzo.")
    return 0


_VERBS = {
    "run": _run,
    "web": _web,
    "worker": _worker,
    "migrate": _migrate,
    "seed": _seed,
    "permissions": _permissions,
    "plugins": _plugins,
    "methodology": _methodology,
    "demo": _demo,
}

if __name__ == "__main__":
    sys.exit(main())
