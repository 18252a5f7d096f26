"""Everything the console's API offers, in the order its pages meet it."""

from typing import Final

from litestar import Router
from litestar.types import ControllerRouterHandler

from dangol.console.audiences import audience_handlers
from dangol.console.customers import (
    find_customers,
    get_customer,
    get_timeline,
    get_why,
)
from dangol.console.data import get_data
from dangol.console.dead_letters import get_dead_letter, get_dead_letters, retry_dead_letters
from dangol.console.flow import get_flow
from dangol.console.journeys import get_journey, get_journey_versions, get_journeys
from dangol.console.law import get_law
from dangol.console.limits import (
    drop_cap,
    get_limits,
    keep_cap,
    put_limits,
    resume_stopped,
)
from dangol.console.lists import drop_list, get_list, list_lists, put_list
from dangol.console.mailbox import get_mail, list_mails, show_mail
from dangol.console.parts import merge_into, unmerge_part
from dangol.console.privacy import get_privacy, list_seen
from dangol.console.reasons import get_entry, get_fates, list_messages
from dangol.console.results import drop_price, export_results, get_results, keep_price
from dangol.console.rights import erase_customer, export_customer
from dangol.console.segments import (
    discard_segment_draft,
    get_ready_made,
    get_segment,
    get_segment_overlap,
    get_segment_vocabulary,
    list_segment_members,
    list_segments,
    preview_segment,
    publish_segment,
    put_away_segment,
    put_segment,
    take_out_segment,
)
from dangol.console.sending import (
    free_one,
    get_sending,
    limit_domain_of,
    limit_one,
    pause_all,
    resume_all,
    resume_one,
    warm_one,
)
from dangol.console.session import get_session, sign_in, sign_out
from dangol.console.webhooks import webhook_handlers

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
            list_messages,
            get_entry,
            get_fates,
            export_customer,
            erase_customer,
            merge_into,
            unmerge_part,
            get_data,
            list_segments,
            get_ready_made,
            get_segment_vocabulary,
            preview_segment,
            get_segment,
            put_segment,
            get_segment_overlap,
            list_segment_members,
            publish_segment,
            discard_segment_draft,
            put_away_segment,
            take_out_segment,
            get_journeys,
            get_journey,
            get_journey_versions,
            get_law,
            get_privacy,
            list_seen,
            get_limits,
            put_limits,
            keep_cap,
            drop_cap,
            resume_stopped,
            list_lists,
            get_list,
            put_list,
            drop_list,
            list_mails,
            get_mail,
            show_mail,
            get_sending,
            pause_all,
            resume_all,
            resume_one,
            limit_one,
            limit_domain_of,
            warm_one,
            free_one,
            get_dead_letters,
            get_dead_letter,
            retry_dead_letters,
            get_results,
            export_results,
            keep_price,
            drop_price,
            *webhook_handlers,
            *audience_handlers,
        ],
    )
]
