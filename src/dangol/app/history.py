"""The history of this installation: where its lake is, and how its store is spoken to."""

from dangol.app.settings import Settings
from dangol.store.computing import ON_DUCKDB, OnSpark
from dangol.store.lake import Lake


def open_lake(settings: Settings) -> Lake:
    """Return the lake that the settings name."""
    return Lake(
        settings.lake_folder,
        store_options(settings),
        computing=ON_DUCKDB if settings.engine == "duckdb" else OnSpark(settings.spark_master),
        memory_mb=settings.query_memory_mb,
    )


def store_options(settings: Settings) -> dict[str, str]:
    """Return what an S3-compatible store asks for; the machine's own AWS_* settings fill the gaps.

    Two commits of the same number must not both succeed, so the store is asked to refuse the
    second (conditional put), which is the Delta writer's default.
    """
    given = {
        "AWS_ENDPOINT_URL": settings.lake_endpoint,
        "AWS_REGION": settings.lake_region,
        "AWS_ACCESS_KEY_ID": settings.lake_access_key,
        "AWS_SECRET_ACCESS_KEY": settings.lake_secret_key,
        "AWS_ALLOW_HTTP": "true" if settings.lake_endpoint.startswith("http://") else "",
    }
    return {name: value for name, value in given.items() if value}
