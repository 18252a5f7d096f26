"""The HTTP API behind the console: what members of a workspace may see."""

from dangol.console.routes import console_routes

__all__ = ["console_routes"]
