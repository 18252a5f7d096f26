"""What Korean vendors write alike about the bubbles of a Brand Message."""

from dangol.providers.vendor import Commerce
from dangol.providers.wire.call import Json


def write_goods(goods: Commerce) -> Json:
    """Return what a commerce bubble sells; what is not said is left out."""
    prices = {
        "discountPrice": goods.discount_price,
        "discountRate": goods.discount_rate,
        "discountFixed": goods.discount_fixed,
    }
    return {
        "title": goods.title,
        "regularPrice": goods.regular_price,
        **{name: price for name, price in prices.items() if price is not None},
    }
