"""E-mail by SMTP: a mail server of the shop's own, or a relay."""
