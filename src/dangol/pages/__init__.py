"""The pages customers see: no sign-in, no script, and no change by looking."""

from dangol.pages.choices import change_choices, show_choices
from dangol.pages.history import show_history
from dangol.pages.hits import follow_link, show_pixel
from dangol.pages.own_data import show_copy, show_erase, take_copy, take_erase
from dangol.pages.unsubscribe import change_subscription, show_subscription

__all__ = ["page_routes"]

page_routes = [
    show_subscription,
    change_subscription,
    show_choices,
    change_choices,
    show_history,
    show_copy,
    take_copy,
    show_erase,
    take_erase,
    show_pixel,
    follow_link,
]
