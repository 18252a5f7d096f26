"""Who belongs together: conditions over the lake, and the membership they result in."""
