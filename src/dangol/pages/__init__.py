"""The pages customers see: no sign-in, no script, and no change by looking."""

from dangol.pages.hits import follow_link, show_pixel
from dangol.pages.unsubscribe import change_subscription, show_subscription

__all__ = ["page_routes"]

page_routes = [show_subscription, change_subscription, show_pixel, follow_link]
