"""Everything the console's API offers, in the order its pages meet it."""

from typing import Final

from litestar import Router
from litestar.types import ControllerRouterHandler

from dangol.console.customers import (
    find_customers,
    get_customer,
    get_timeline,
    get_why,
)
from dangol.console.data import get_data
from dangol.console.flow import get_flow
from dangol.console.mailbox import get_mail, list_mails, show_mail
from dangol.console.parts import merge_into, unmerge_part
from dangol.console.rights import erase_customer, export_customer
from dangol.console.session import get_session, sign_in, sign_out

# One router, because Litestar wraps a threaded handler anew each time its path gets another
# handler; registered together, each is wrapped once.
console_routes: Final[list[ControllerRouterHandler]] = [
    Router(
        "/",
        route_handlers=[
            sign_in,
            sign_out,
            get_session,
            get_flow,
            find_customers,
            get_customer,
            get_timeline,
            get_why,
            export_customer,
            erase_customer,
            merge_into,
            unmerge_part,
            get_data,
            list_mails,
            get_mail,
            show_mail,
        ],
    )
]
