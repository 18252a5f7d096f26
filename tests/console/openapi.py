"""The console's API as a document; ``python -m tests.console.openapi`` renews web/openapi.json."""

import json
from pathlib import Path

from litestar import Litestar
from litestar.openapi import OpenAPIConfig

from dangol.console import console_routes

COMMITTED = Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def described() -> str:
    """Describe the API; the version is left out, since no type depends on it."""
    app = Litestar(
        route_handlers=console_routes,
        openapi_config=OpenAPIConfig(title="Dangol console", version="0"),
    )
    return json.dumps(app.openapi_schema.to_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(described(), encoding="utf-8")
