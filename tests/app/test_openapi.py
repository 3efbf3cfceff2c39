"""The description of the API is valid and complete."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from acogida.app.wiring import Services
from support.visitor import Visitor


async def test_the_description_is_valid_openapi_3_1(visitor: Visitor, services: Services) -> None:
    """As an independent validator reads it."""
    del services
    description = (await visitor.get("/api/v1/openapi.json")).json()

    assert description["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


async def test_each_operation_is_named_and_says_how_it_fails(visitor: Visitor, services: Services) -> None:
    """A client can be written from the description alone."""
    del services
    description = (await visitor.get("/api/v1/openapi.json")).json()
    names = []
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            if "/m/" in path:
                described = {
                    parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"
                }
                asked = {part.strip("{}") for part in path.split("/") if part.startswith("{")}
                assert described == asked, f"{method} {path}"
                assert {"401", "404", "422"} <= set(operation["responses"]), f"{method} {path}"
    assert len(names) == len(set(names))
