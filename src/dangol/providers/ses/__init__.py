"""E-mail by Amazon SES (API v2), and what it tells by way of SNS."""
