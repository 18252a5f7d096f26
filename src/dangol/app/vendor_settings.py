"""The settings of vendors, each vendor's together; a part of the settings."""

from typing import Annotated

import msgspec
from msgspec import Meta


class VendorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What lets us in at the vendors, and them at us."""

    solapi_key: Annotated[
        str,
        Meta(
            description="The API key of your account at SOLAPI, for Kakao and text messages in "
            "Korea (docs/guides/vendors.md). Empty: SOLAPI is not used."
        ),
    ] = ""
    solapi_secret: Annotated[
        str,
        Meta(
            description="The API secret that belongs to solapi_key; better in the environment "
            "than in a file."
        ),
    ] = ""
    solapi_url: Annotated[
        str, Meta(description="Where SOLAPI is; a fake of it while you try things out.")
    ] = "https://api.solapi.com"
    solapi_number: Annotated[
        str,
        Meta(description="The sender number you have registered at SOLAPI, as 02-120-1234."),
    ] = ""
    solapi_channel: Annotated[
        str, Meta(description="Your Kakao channel as SOLAPI names it (pfId), beginning KA01PF.")
    ] = ""
    solapi_webhook_secret: Annotated[
        str,
        Meta(
            description="The secret that SOLAPI shows when it posts reports to you. Empty: what "
            "it posts is refused."
        ),
    ] = ""
    kakao_admin_key: Annotated[
        str,
        Meta(
            description="The primary admin key of your Kakao app: Kakao shows it when it tells who "
            "added or blocked your channel. Empty: what it posts is refused."
        ),
    ] = ""
    kakao_url: Annotated[
        str, Meta(description="Where Kakao's API is; a fake of it while you try things out.")
    ] = "https://kapi.kakao.com"
