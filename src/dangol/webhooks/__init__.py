"""Tell a shop's other software what happens here: endpoints, calls, and what became of them."""
